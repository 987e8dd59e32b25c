"""Passkeys for this installation's own address (WebAuthn): options for the browser, and strict reading of its answers.

The user must be verified by the authenticator, both when a passkey is made and at each use. No attestation is asked
for: which make of authenticator somebody holds is no business of ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.services.ports import NewPasskey, Passkey, Shown

MILLISECONDS = 300_000
_LONGEST = 1023  # bytes of a credential's id (WebAuthn §5.8.3)


@dataclass(frozen=True)
class Passkeys:
    """The passkeys of one address, such as https://tietopyynnot.example.fi."""

    rp_id: str
    origin: str

    @classmethod
    def at(cls, url: str) -> "Passkeys":
        """For the staff's address. The party is its host alone, the origin exactly scheme, host and port."""
        parts = urlsplit(url)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")

    @property
    def usable(self) -> bool:
        """Browsers know passkeys by host names only, not by 127.0.0.1."""
        try:
            ip_address(self.rp_id)
        except ValueError:
            return bool(self.rp_id)
        return False

    def creation(self, account: str, login: str, name: str, known: Iterable[bytes]) -> tuple[dict[str, Any], str]:
        """Options for `navigator.credentials.create`, and their challenge."""
        options = generate_registration_options(
            rp_id=self.rp_id,
            rp_name="Kuuluu",
            user_id=UUID(hex=account).bytes,
            user_name=login,
            user_display_name=name,
            timeout=MILLISECONDS,
            exclude_credentials=[PublicKeyCredentialDescriptor(one) for one in known],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
        return options_to_json_dict(options), bytes_to_base64url(options.challenge)

    def request(self, known: Iterable[bytes]) -> tuple[dict[str, Any], str]:
        """Options for `navigator.credentials.get`, and their challenge."""
        options = generate_authentication_options(
            rp_id=self.rp_id,
            timeout=MILLISECONDS,
            allow_credentials=[PublicKeyCredentialDescriptor(one) for one in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json_dict(options), bytes_to_base64url(options.challenge)

    def shown(self, answer: dict[str, Any]) -> Shown | None:
        """What an answer says of itself, nothing of it verified."""
        try:
            said = parse_client_data_json(base64url_to_bytes(answer["response"]["clientDataJSON"]))
            credential = base64url_to_bytes(answer["rawId"])
            handle = answer["response"].get("userHandle")
            account = UUID(bytes=base64url_to_bytes(handle)).hex if handle else None
        except Exception:  # the library says in many ways that something is no answer
            return None
        if said.cross_origin or not 0 < len(credential) <= _LONGEST:
            return None
        return Shown(bytes_to_base64url(said.challenge), credential, account)

    def made(self, answer: dict[str, Any], challenge: str) -> NewPasskey | None:
        """The passkey of a verified registration."""
        try:
            found = verify_registration_response(
                credential=answer,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except Exception:  # as above; and an attestation can be wrong in more ways than the library names
            return None
        return NewPasskey(found.credential_id, found.credential_public_key, found.sign_count)

    def counter(self, answer: dict[str, Any], challenge: str, by: Passkey) -> int | None:
        """The new counter of a verified use."""
        try:
            found = verify_authentication_response(
                credential=answer,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                credential_public_key=by.public_key,
                credential_current_sign_count=by.counter,
                require_user_verification=True,
            )
        except Exception:  # as above
            return None
        return found.new_sign_count if found.credential_id == by.credential else None
