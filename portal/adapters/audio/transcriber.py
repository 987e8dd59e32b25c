"""A controller's own transcriber: a program on this machine that reads a call and prints its words.

It is run without a shell and without a network's address of ours: the sound comes by standard input (FLAC), the text
goes to standard output (UTF-8, a line for each turn), and nothing of the case is told to it.
"""

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from portal.services.ports import NotTranscribed

LONGEST = 1_000_000
"""Bytes of a text that are read; more is no transcript of a call."""


@dataclass(frozen=True)
class CommandTranscriber:
    """The program and its arguments, and how many seconds it may take for one call."""

    command: Sequence[str]
    seconds: float

    def write_down(self, audio: IO[bytes], scratch: Path) -> str:
        """The call's words. Raises NotTranscribed when the program fails, takes too long or prints no such text."""
        with tempfile.TemporaryFile(dir=scratch) as printed:
            try:
                ended = subprocess.run(
                    self.command,
                    stdin=audio,
                    stdout=printed,
                    stderr=subprocess.DEVNULL,
                    cwd=scratch,
                    timeout=self.seconds,
                    check=False,
                )
            except (OSError, subprocess.TimeoutExpired) as fault:
                raise NotTranscribed(type(fault).__name__) from None
            if ended.returncode:
                raise NotTranscribed(f"ended with {ended.returncode}")
            printed.seek(0)
            text = printed.read(LONGEST + 1)
        if len(text) > LONGEST:
            raise NotTranscribed("printed too much")
        try:
            return text.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise NotTranscribed("printed no UTF-8") from None
