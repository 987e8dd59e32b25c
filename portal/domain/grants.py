"""A delivered copy is a grant: to one person, until a day, for so many downloads, and it can be taken back
(arts. 5(1)(c), 15(3), 32)."""

from datetime import date
from enum import StrEnum

MOST_DOWNLOADS = 10
"""Downloads of one copy. Two formats and the whole answer on a telephone and a computer make six; the rest is for
connections that broke. Somebody else's session could not fetch without end, and a person who needs more asks staff,
who give as many again. Listening in the browser is not counted: nothing is kept by it."""


class Form(StrEnum):
    """As what a copy is heard or fetched; the timeline and the audit trail say which."""

    MP3 = "mp3"
    WAV = "wav"
    BUNDLE_MP3 = "bundle_mp3"
    BUNDLE_WAV = "bundle_wav"
    PACKAGE = "package"

    @property
    def is_bundle(self) -> bool:
        """Is it the whole answer in one file?"""
        return self in (Form.BUNDLE_MP3, Form.BUNDLE_WAV)

    @property
    def sound(self) -> "Form":
        """The audio format inside: WAV or MP3."""
        return Form.WAV if self in (Form.WAV, Form.BUNDLE_WAV) else Form.MP3


class GrantState(StrEnum):
    """What a grant still allows."""

    OPEN = "open"
    USED_UP = "used_up"
    REVOKED = "revoked"
    ENDED = "ended"


def grant_state(
    *, available_until: date, today: date, disputed: bool, revoked: bool, downloads: int, most: int
) -> GrantState:
    """What the grant allows on the Helsinki day `today`: revoked comes first, then its end (none while the matter is
    `disputed`: a complaint, an inquiry or a court case is open), then the count. A used-up copy can still be heard."""
    if revoked:
        return GrantState.REVOKED
    if available_until < today and not disputed:
        return GrantState.ENDED
    return GrantState.OPEN if downloads < most else GrantState.USED_UP


def renewed_most(downloads: int) -> int:
    """How many downloads in all a renewed grant allows: as many again as a new one, beside those already used."""
    return downloads + MOST_DOWNLOADS
