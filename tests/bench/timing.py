"""How time is taken: CPU time of this process, anchor and portal in turns, so that both see the same machine."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 9
SECONDS_A_ROUND = 0.25


@dataclass(frozen=True)
class Line:
    """One line of the table: `value` against `budget` in `unit`, and what it was made from. `least`: the budget is a
    floor."""

    name: str
    value: float
    unit: str
    budget: float | None
    detail: str
    least: bool = False

    @property
    def verdict(self) -> str:
        """ok or over; empty where there is no budget."""
        if self.budget is None:
            return ""
        kept = self.value >= self.budget if self.least else self.value <= self.budget
        return "ok" if kept else "OVER"


@dataclass(frozen=True)
class Compared:
    """CPU milliseconds a call of subject and anchor, and the median of the rounds' ratios."""

    subject: float
    anchor: float
    ratio: float

    def __str__(self) -> str:
        return f"{self.subject:.2f} ms against {self.anchor:.2f} ms"


def compare(
    subject: Callable[[], object], anchor: Callable[[], object], rounds: int = ROUNDS, seconds: float = SECONDS_A_ROUND
) -> Compared:
    """Warm both up, then measure them in turns."""
    subject_calls, anchor_calls = (_calls_for(one, seconds) for one in (subject, anchor))
    pairs = [(cpu_ms(subject, subject_calls), cpu_ms(anchor, anchor_calls)) for _ in range(rounds)]
    return Compared(
        statistics.median(mine for mine, _ in pairs),
        statistics.median(bare for _, bare in pairs),
        statistics.median(mine / bare for mine, bare in pairs),
    )


def cpu_ms(call: Callable[[], object], calls: int) -> float:
    """CPU milliseconds a call."""
    gc.collect()
    start = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - start) * 1000 / calls


def wall_ms(call: Callable[[int], object], calls: int, passes: int = 3) -> list[float]:
    """Milliseconds of each call by the clock; the call is given its number.

    Each is run once a pass and its best counts: where the others were slower, the machine did something else.
    """
    best = [float("inf")] * calls
    for _ in range(passes):
        for n in range(calls):
            start = time.perf_counter()
            call(n)
            best[n] = min(best[n], (time.perf_counter() - start) * 1000)
    return best


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _calls_for(call: Callable[[], object], seconds: float) -> int:
    for _ in range(3):
        call()
    return max(3, int(seconds * 1000 / max(cpu_ms(call, 5), 0.001)))
