"""A call that its recording system sends us, signed: proven from the headers before a byte of it is read."""

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

from portal.domain.recording import Capability, Refused
from portal.services.office import Office
from portal.services.ports import Source

LARGEST_PUSH = 200 << 20  # bytes
_BLOCK = 1 << 20


class Pushes(Source, Protocol):
    """The source that takes what is sent to us."""

    def proves(self, timestamp: str, key: str, digest: str, signature: str) -> bool: ...
    def receive(self, key: str, digest: str, told: Mapping[str, str], audio: BinaryIO, name: str) -> Refused | bool: ...


@dataclass(frozen=True)
class Proof:
    """What the sender's headers say: Unix seconds, idempotency key, SHA-256 of the body and signature (hex)."""

    timestamp: str
    key: str
    digest: str
    signature: str


class Unproven(Exception):
    """The sender is not who they say, or the body is not the one that was signed."""


class TooMuch(Exception):
    """The body is larger than is taken."""


def sender(office: Office, source_id: str, proof: Proof) -> Pushes:
    """The source of a request whose headers prove it. Raises Unproven, for an unknown source too."""
    source = office.sources.get(source_id)
    if source is None or Capability.PUSH not in source.capabilities:
        raise Unproven
    pushes = cast("Pushes", source)
    whole = 16 <= len(proof.key) <= 128 and proof.key.isascii() and proof.key.isprintable() and len(proof.digest) == 64
    if not whole or not pushes.proves(proof.timestamp, proof.key, proof.digest, proof.signature):
        raise Unproven
    return pushes


def spool(office: Office, body: BinaryIO, digest: str) -> BinaryIO:
    """The body in a file of ours, gone when closed. Raises TooMuch, and Unproven when it is not what was signed."""
    file = tempfile.TemporaryFile(dir=office.scratch)  # noqa: SIM115 - the caller closes it
    found, size = hashlib.sha256(), 0
    while block := body.read(_BLOCK):
        size += len(block)
        if size > LARGEST_PUSH:
            file.close()
            raise TooMuch
        found.update(block)
        file.write(block)
    if found.hexdigest() != digest.casefold():
        file.close()
        raise Unproven
    file.seek(0)
    return file


def receive_push(source: Pushes, proof: Proof, told: Mapping[str, str], audio: BinaryIO, name: str) -> Refused | bool:
    """Take the call. True: new, False: taken before. Changed: the key came before with another body."""
    return source.receive(proof.key, proof.digest.casefold(), told, audio, name)
