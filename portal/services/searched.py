"""How far a search for a described call reaches: back to the oldest day that is kept, and around the day claimed."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.domain.matching import CallDescription
from portal.domain.moments import Window, wide_window, windows
from portal.domain.recording import RecordingClass
from portal.domain.register import Register
from portal.domain.retention import oldest_kept


@dataclass(frozen=True)
class Reach:
    """Where one call is looked for: UTC windows by the caller's own number, and by the number called."""

    by_number: tuple[Window, ...]
    by_service: tuple[Window, ...]
    around: tuple[Window, ...]

    @property
    def whole(self) -> Window:
        """The whole UTC span, from its first instant to its last."""
        spans = self.around + self.by_number
        return min(start for start, _ in spans), max(end for _, end in spans)


def oldest_searched(today: date, register: Register) -> date:
    """The day from which a recording may still be kept: by the longest of the rules that keep recordings at all."""
    classes = {one.value for one in RecordingClass}
    rules = [rule for rule in register.retention if rule.recording_class in classes]
    oldest = (oldest_kept(today, replace(rule, period=rule.longest or rule.period)) for rule in rules)
    return min(oldest, default=today) - timedelta(days=1)


def reach(register: Register, on: date, call: CallDescription) -> Reach:
    """The windows of a search made on the Helsinki day `on`; `register` as kept."""
    earliest = oldest_searched(on, register)
    around = windows(call.day, call.time, call.day_sureness, call.time_sureness, earliest, on)
    wide = (wide_window(call.day, call.day_sureness, earliest, on),) if call.own_number else ()
    return Reach(wide, around if call.service_number else (), around)
