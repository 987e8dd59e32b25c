"""The window envelope of a controller, and whether an address shows through it whole (SFS 2487; Posti's address form).

All lengths are millimetres. The folded sheet slides in the envelope, so two fields of the sheet matter: the one that
shows in every position, where the whole address must lie, and the one that may ever show, where nothing else may be.
"""

import math
from dataclasses import dataclass

FORMATS = {
    "C5": ((229.0, 162.0), (210.0, 148.5)),
    "C65": ((229.0, 114.0), (210.0, 99.0)),
    "E65": ((220.0, 110.0), (210.0, 99.0)),
    "C4": ((324.0, 229.0), (297.0, 210.0)),
}
"""Outer size of the envelope, and of the A4 sheet folded into it: width, height."""


@dataclass(frozen=True)
class Box:
    """A field of the sheet, from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Envelope:
    """An envelope's format and its window, measured from the envelope's top left corner."""

    format: str = "C5"
    left: float = 15.0
    top: float = 44.0
    width: float = 105.0
    height: float = 35.0

    @property
    def slack(self) -> tuple[float, float]:
        """How far the folded sheet slides, across and down."""
        (width, height), (sheet_width, sheet_height) = FORMATS[self.format]
        return width - sheet_width, height - sheet_height

    @property
    def sure(self) -> Box:
        """What shows in every position of the sheet."""
        across, down = self.slack
        return Box(self.left, self.top, self.left + self.width - across, self.top + self.height - down)

    @property
    def ever(self) -> Box:
        """What shows in some position of the sheet."""
        across, down = self.slack
        return Box(self.left - across, self.top - down, self.left + self.width, self.top + self.height)

    @property
    def needs_cover(self) -> bool:
        """Would more than the letter's own clear field ever show? Then a cover page goes before the letter."""
        seen, clear = self.ever, CLEAR
        return seen.top < clear.top or seen.right > clear.right or seen.bottom > clear.bottom

    @property
    def field(self) -> Box:
        """Where the address is printed: inside what always shows, and never left of the letter's own margin."""
        sure = self.sure
        return Box(max(_INDENT, sure.left + _EDGE), sure.top + _EDGE, sure.right, sure.bottom - 0.4)


CLEAR = Box(0.0, 28.0, 122.0, 84.0)
"""The field of a letter's first page that holds nothing but the address."""

_INDENT, _EDGE = 22.0, 0.5
C5 = Envelope()


@dataclass(frozen=True)
class Size:
    """A size of letters for the address: points, millimetres from row to row, average letters in a millimetre."""

    points: float
    row: float
    letters: float


# From the ordinary size to the smallest that a sorting machine and an eye still read.
SIZES = (Size(10, 4.08, 42 / 79), Size(8, 3.4, 53 / 79), Size(7, 2.9, 60 / 79))


def address_size(rows: tuple[str, ...], envelope: Envelope = C5) -> Size | None:
    """The largest size in which these rows fit the envelope's window whole, long ones broken; None when none does."""
    field = envelope.field
    width, height = field.right - field.left, field.bottom - field.top
    for size in SIZES:
        across = math.floor(width * size.letters + 0.01)
        lines = sum(math.ceil(len(row) / across) for row in rows) if across > 0 else math.inf
        if lines <= math.floor(height / size.row + 0.01):
            return size
    return None
