"""The port of the redaction versions: what each case's copy of a recording leaves out."""

from datetime import datetime
from typing import Any, Protocol

from portal.domain.redaction_version import Version


class Redactions(Protocol):
    """The versions of one unit of work; the spans are sealed in their case's box."""

    def save(self, version: Version, now: datetime, box: Any) -> None:
        """Keep a version, over its own earlier state."""

    def versions(self, case_id: str, recording: str, box: Any) -> tuple[Version, ...]:
        """The versions of a recording in a case, oldest first."""

    def files_of(self, case_id: str, recording: str) -> tuple[str, ...]:
        """Vault objects rendered of a recording for a case."""

    def forget_file(self, vault_object: str) -> None:
        """The rendered file is gone; what was marked and the proof of it stay."""
