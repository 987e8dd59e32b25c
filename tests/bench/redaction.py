"""(k) what a listener's work costs: an hour of stereo redacted, drawn, and played by Range from the encrypted store."""

import re
import resource
import threading
from collections.abc import Callable
from pathlib import Path

import numpy
import soundfile

from portal.adapters.audio.peaks import peaks
from portal.adapters.audio.redact import redact
from portal.adapters.audio.speech import turns
from portal.adapters.audio.transcode import to_flac
from portal.adapters.vault.keys import KeyRing
from portal.adapters.vault.vault import Vault, new_object_id
from portal.domain.redaction import Span, cuts
from tests.bench.timing import Line, cpu_ms
from tests.postgres import Cluster

RATE, RANGE = 8000, 256 * 1024


def redaction(root: Path, _cluster: Cluster | None, minutes: int = 60) -> list[Line]:
    """CPU seconds of the confined processes, their largest memory, and CPU milliseconds of a Range."""
    source = root / "hour.wav"
    _recorded(source, minutes)
    spans = [Span(n * 30 * RATE, (n * 30 + 4) * RATE, "R15-4") for n in range(1, 2 * minutes)]
    hidden = cuts(spans, RATE, minutes * 60 * RATE, 2)
    rendered, memory = _children(lambda: redact(source, root / "hour.flac", hidden, RATE))
    drawn, _memory = _children(lambda: peaks(source))
    what = f"{minutes} min stereo A-law, {len(spans)} passages"
    return [
        Line("redaction: to FLAC", rendered, "s", 5, what),
        Line("redaction: memory of the decoding process", memory, "MB", 100, what),
        Line("redaction: peaks", drawn, "s", 2, what),
        Line("redaction: Range of 256 KiB, encrypted", _ranged(root, root / "hour.flac"), "ms", 1, "a chunk apart"),
        *_longest(root, 3 * minutes),
    ]


def _longest(root: Path, minutes: int) -> list[Line]:
    """The longest call that recorders make: its listening copy, its picture and its speakers, within the limits."""
    source, copy = root / "longest.wav", root / "longest.flac"
    _recorded(source, minutes)
    decoded, memory = _children(lambda: to_flac(source, copy))
    drawn, _memory = _children(lambda: peaks(copy))
    heard, _memory = _children(lambda: turns(copy))
    what = f"{minutes} min stereo A-law"
    return [
        Line("longest call: listening copy", decoded, "s", 15, what),
        Line("longest call: memory of the decoding process", memory, "MB", 100, what),
        Line("longest call: peaks", drawn, "s", 6, what),
        Line("longest call: speech turns", heard, "s", 60, what),
    ]


def _recorded(path: Path, minutes: int) -> None:
    """Bursts of noise, a minute at a time, as A-law."""
    chance = numpy.random.default_rng(1)
    minute = (chance.standard_normal((60 * RATE, 2)) * 2500).astype(numpy.int16)
    minute[RATE * 7 :: 2] //= 40
    with soundfile.SoundFile(path, "w", RATE, 2, format="WAV", subtype="ALAW") as file:
        for _ in range(minutes):
            file.write(minute)


def _children(call: Callable[[], object]) -> tuple[float, float]:
    """CPU seconds of the processes that the call starts, and the largest memory (MB) of a decoding one."""
    largest, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.005):
            largest[0] = max(largest[0], *map(_megabytes, _started()), 0.0)

    watcher = threading.Thread(target=watch)
    watcher.start()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    call()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended.set()
    watcher.join()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, largest[0]


def _started() -> list[str]:
    return [pid for file in Path("/proc/self/task").glob("*/children") for pid in file.read_text().split()]


def _megabytes(pid: str) -> float:
    """The most that a decoding process has held; the kernel's own account of a child begins with its parent's size."""
    try:
        if b"child.py" not in Path(f"/proc/{pid}/cmdline").read_bytes():
            return 0
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it has ended
        return 0
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(peak[1]) / 1024 if peak else 0


def _ranged(root: Path, path: Path) -> float:
    keys = root / "bench-keys.json"
    if not keys.exists():
        KeyRing.create(keys)
    vault, made = Vault(root / "bench-vault", KeyRing.load(keys)), new_object_id()
    with path.open("rb") as file:
        vault.put("bench", made, file)
    size, read = vault.open("bench", made)
    at = size // 2
    return cpu_ms(lambda: sum(map(len, read(at, at + RANGE))), 200)
