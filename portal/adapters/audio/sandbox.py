"""The parent's half of the decoding process: start it, ask it, and outlive it.

A file that crashes or exhausts the decoder costs one child process and gets a reason; the web and
the worker go on. One Sandbox serves many files with one start (a scan), one at a time; the functions
of this folder make one for each call.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from portal.domain.recording import AudioInfo, RefusalCode, Refused

_CHILD = Path(__file__).with_name("child.py")
# One arena and one thread: otherwise the libraries reserve address space that they never use.
_ENVIRONMENT = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


@dataclass(frozen=True)
class AudioLimits:
    """What one file may cost. `max_hours` bounds the recording, the rest the work on it."""

    max_hours: float = 4
    max_bytes: int = 1 << 30
    cpu_seconds: int = 900
    wall_seconds: float = 1800
    memory_bytes: int = 512 << 20
    output_bytes: int = 4 << 30


class Sandbox:
    """One decoding process, started at the first question and again after a crash."""

    def __init__(self, limits: AudioLimits | None = None) -> None:
        self._limits = limits or AudioLimits()
        self._child: subprocess.Popen[str] | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.close()

    def probe(self, path: Path) -> AudioInfo | Refused:
        """What the file is, by opening it and decoding its end."""
        return self.ask({"verb": "probe", "source": str(path.absolute())})

    def ask(self, request: Mapping[str, Any]) -> AudioInfo | Refused:
        """Put one request to the child. Raises OSError for the disk's troubles, never for the file's."""
        limits = self._limits
        ends = {
            "max_seconds": limits.max_hours * 3600,
            "max_bytes": limits.max_bytes,
            "cpu_seconds": limits.cpu_seconds,
        }
        with self._turn:
            line = self._exchange(json.dumps({**request, "limits": ends}))
            if line is None:
                self.close()
        if line is None:
            return Refused(RefusalCode.TOO_COSTLY, "the decoder stopped")
        return _understood(json.loads(line))

    def write(self, request: Mapping[str, Any], target: Path) -> AudioInfo | Refused:
        """Put a request to the child that writes `target`, which must not exist (FileExistsError); a failure leaves
        none behind. Raises OSError when it cannot be written, a full disk above all."""
        try:
            answer = self.ask({**request, "target": str(target.absolute())})
        except FileExistsError:
            raise
        except OSError:
            target.unlink(missing_ok=True)
            raise
        if isinstance(answer, Refused):
            target.unlink(missing_ok=True)
        return answer

    def close(self) -> None:
        """End the child; a later question starts another."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    _close_quietly(stream)

    def _exchange(self, request: str) -> str | None:
        """The child's answer line, or None when it died or took too long."""
        child = self._child = self._child or self._start()
        assert child.stdin is not None  # both are pipes
        assert child.stdout is not None
        try:
            child.stdin.write(request + "\n")
            child.stdin.flush()
        except BrokenPipeError:
            return None
        return _line_within(child.stdout, self._limits.wall_seconds)

    def _start(self) -> "subprocess.Popen[str]":
        limits = self._limits
        return subprocess.Popen(
            [sys.executable, "-I", str(_CHILD), str(limits.memory_bytes), str(limits.output_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries name the file there
            text=True,
            encoding="utf-8",
            env=_ENVIRONMENT,
            cwd="/",
            close_fds=True,
        )


def _line_within(stream: IO[str], seconds: float) -> str | None:
    answers: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(stream.readline()), daemon=True).start()
    try:
        return answers.get(timeout=seconds) or None
    except queue.Empty:
        return None


def _understood(answer: dict[str, Any]) -> AudioInfo | Refused:
    if "info" in answer:
        fields = answer["info"]
        return AudioInfo(**{**fields, "warnings": tuple(fields["warnings"])})
    if "refused" in answer:
        code, detail = answer["refused"]
        return Refused(RefusalCode(code), detail)
    number, text = answer["failed"]
    raise OSError(number or 0, text or os.strerror(number or 0))


def _close_quietly(stream: IO[str]) -> None:
    with contextlib.suppress(BrokenPipeError):  # unsent bytes for a child that is gone
        stream.close()
