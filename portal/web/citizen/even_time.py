"""A filing is answered at even steps of time, so that its time does not tell whether recordings were found and held.

Each candidate is held in the transaction of the filing, which takes some milliseconds a recording. Strong
identification proves who asks, not whose number it is: a stranger's number must not answer by its delay.
"""

import math
import time

EVEN_SECONDS = "EVEN_SECONDS"
"""The application's setting: the step in seconds; nought answers at once."""


def wait(begun: float, step: float) -> None:
    """Wait until whole steps (seconds) have passed since `begun` (perf_counter), at least one."""
    if step > 0:
        passed = time.perf_counter() - begun
        time.sleep(max(1, math.ceil(passed / step)) * step - passed)
