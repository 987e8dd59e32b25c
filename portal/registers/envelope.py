"""The controller's window envelope in a register file: its format, and where the window is."""

from typing import Any

from portal.domain.envelope import FORMATS, SIZES, Envelope

_SIDES = ("x", "y", "width", "height")


def read_envelope(values: Any) -> Envelope:
    """The envelope of `{ format = "C5", x = 15, y = 44, width = 105, height = 35 }`, in millimetres from the
    envelope's top left corner. ValueError says what is wrong with it."""
    unknown = set(values) - {"format", *_SIDES}
    if unknown:
        raise ValueError(f"holds {sorted(unknown)[0]!r}, which is no key of a window")
    if values.get("format") not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}")
    for side in _SIDES:
        value = values.get(side)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise ValueError(f"{side} must be millimetres, more than none")
    found = Envelope(values["format"], *(float(values[side]) for side in _SIDES))
    field = found.field
    if field.right - field.left < _NARROWEST or field.bottom - field.top < _LOWEST:
        raise ValueError("an address of four rows does not show in every position of the folded sheet")
    return found


_NARROWEST, _LOWEST = 60.0, 4 * SIZES[0].row
