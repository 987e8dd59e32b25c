"""The process that decodes: started by sandbox.py as a program of its own, never imported by the portal.

Recordings are hostile input to a C decoder. This program imports nothing of the portal, gets no
environment and no secrets, limits its own memory, output and processor time before it looks at a
file, and works in blocks, so an hour of audio takes no more memory than a second.

One JSON request a line on standard input, one JSON answer a line on standard output.
"""

import errno
import json
import mmap
import os
import resource
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy
import soundfile
import webrtcvad

BLOCK = 65_536  # frames
WINDOW = 256  # frames a peak
UNKNOWN = 0xFFFFFFFF
SYSTEM_ERROR = 2  # libsndfile's SF_ERR_SYSTEM
DEEP = {"PCM_24", "PCM_32", "FLOAT", "DOUBLE"}  # more than 16 bits
CONTAINERS = {"WAV", "WAVEX", "FLAC", "MP3", "OGG", "MPEG"}


class Refusal(Exception):
    """This input is refused: code and detail."""


class Repaired:
    """A WAV file whose header says "0 bytes" read as if the header told the truth. The file is not changed."""

    def __init__(self, file: BinaryIO, at: int, size: int) -> None:
        self._file, self._at, self._patch = file, at, struct.pack("<I", min(size, UNKNOWN - 1))

    def read(self, size: int = -1) -> bytes:
        start = self._file.tell()
        data = bytearray(self._file.read(size))
        for i, byte in enumerate(self._patch):
            if 0 <= self._at + i - start < len(data):
                data[self._at + i - start] = byte
        return bytes(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def chunks(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    """RIFF chunks as (name, place of the size field, said size)."""
    at = 12
    while at + 8 <= size:
        file.seek(at)
        name, said = struct.unpack("<4sI", file.read(8))
        yield name, at + 4, said
        at += 8 + said + said % 2


def wav(file: BinaryIO, size: int) -> tuple[Any, list[str]]:
    """Judge a WAV file's header before libsndfile sees it: it reads a data size of 0 as silence, without error."""
    for name, at, said in chunks(file, size):
        if name != b"data":
            continue
        real = size - at - 4
        file.seek(at + 4)
        following = file.read(4)
        file.seek(0)
        if said == UNKNOWN:
            return file, ["size_unknown"]
        if said == 0 and real > 0 and not following.isalnum():
            return Repaired(file, at, real), ["header_repaired"]
        if said > real:
            raise Refusal("truncated", f"{real} of {said} bytes")
        return file, []
    raise Refusal("broken_header", "no data chunk")


def ogg_ends(file: BinaryIO, size: int) -> None:
    """The last Ogg page must be whole and say that it is the last."""
    file.seek(max(size - 65_536 - 300, 0))
    tail = file.read()
    file.seek(0)
    page = tail[max(tail.rfind(b"OggS"), 0) :]
    whole = len(page) >= 27 and len(page) >= 27 + page[26] and len(page) >= 27 + page[26] + sum(page[27:][: page[26]])
    if not page.startswith(b"OggS") or not whole or not page[5] & 4:
        raise Refusal("truncated", "no end-of-stream page")


def mp3_whole(file: BinaryIO, size: int) -> None:
    """The last MPEG frame must be whole. A cut exactly between two frames leaves no trace in the file."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = 10 + sum((byte & 0x7F) << 7 * (3 - i) for i, byte in enumerate(data[6:10])) if data[:3] == b"ID3" else 0
        while at + 4 <= size and (length := mpeg_frame(data[at : at + 4])):
            at += length
    if at > size:
        raise Refusal("truncated", f"the last frame lacks {at - size} bytes")


KILOBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
HERTZ = {3: (44_100, 48_000, 32_000, 0), 2: (22_050, 24_000, 16_000, 0), 0: (11_025, 12_000, 8_000, 0), 1: (0,) * 4}


def mpeg_frame(head: bytes) -> int:
    """The length in bytes of the layer III frame with this head (ISO/IEC 11172-3, 13818-3), or 0 if it is none."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    kilobits, hertz = KILOBITS[version == 3][head[2] >> 4], HERTZ[version][head[2] >> 2 & 3]
    if head[0] != 0xFF or head[1] < 0xE0 or layer != 1 or not kilobits or not hertz:
        return 0
    return (144_000 if version == 3 else 72_000) * kilobits // hertz + (head[2] >> 1 & 1)


def opened(path: str, limits: dict[str, Any]) -> tuple[soundfile.SoundFile, list[str]]:
    """The file ready to decode, with warnings. Raises Refusal."""
    file = Path(path).open("rb")  # noqa: SIM115  # SoundFile reads from it as long as the request lasts
    size = os.fstat(file.fileno()).st_size
    if size == 0:
        raise Refusal("empty", "0 bytes")
    if size > limits["max_bytes"]:
        raise Refusal("too_large", f"{size} bytes")
    head = file.read(12)
    file.seek(0)
    source: Any = file
    warnings: list[str] = []
    if head[:4] == b"RIFF":
        source, warnings = wav(file, size)
    elif head[:4] == b"OggS":
        ogg_ends(file, size)
    elif head[:4] != b"fLaC":
        mp3_whole(file, size)
    try:
        sound = soundfile.SoundFile(source)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        text = str(getattr(error, "error_string", error))
        raise Refusal("unsupported" if "unimplemented" in text.lower() else "broken_header", text) from None
    if sound.format not in CONTAINERS:
        raise Refusal("unsupported", sound.format)
    check(sound, limits)
    return sound, warnings


def check(sound: soundfile.SoundFile, limits: dict[str, Any]) -> None:
    """Length and shape within the limits, and the end is really there."""
    if sound.frames <= 0:
        raise Refusal("no_frames", "no sound in it")
    if not 1 <= sound.channels <= 8 or not 1_000 <= sound.samplerate <= 192_000:
        raise Refusal("unsupported", f"{sound.channels} channels, {sound.samplerate} Hz")
    if sound.frames > limits["max_seconds"] * sound.samplerate:
        raise Refusal("too_long", f"{sound.frames // sound.samplerate} s")
    if not sound.seekable():  # GSM; its length was told from the header, which wav() has compared with the file
        return
    tail = min(sound.frames, 4096)
    sound.seek(sound.frames - tail)
    # MP3 may come up to 0.2 s short of what it says: padding, not a cut
    slack = sound.samplerate // 5 if sound.format in ("MP3", "MPEG") else 0
    if len(sound.read(tail, dtype="int16")) + slack < tail:
        raise Refusal("truncated", "the end does not decode")
    sound.seek(0)


def info(sound: soundfile.SoundFile, warnings: list[str], frames: int) -> dict[str, Any]:
    """The answer about a file."""
    codec = sound.subtype.lower()
    return {"codec": codec, "channels": sound.channels, "samplerate": sound.samplerate, "frames": frames,
            "duration_ms": frames * 1000 // sound.samplerate, "warnings": warnings}  # fmt: skip


def blocks(sound: soundfile.SoundFile, dtype: str) -> Iterator[Any]:
    """All frames, a block at a time, as (frames, channels)."""
    while len(block := sound.read(BLOCK, dtype=dtype, always_2d=True)):
        yield block


def probe(request: dict[str, Any]) -> dict[str, Any]:
    """What the file is."""
    sound, warnings = opened(request["source"], request["limits"])
    with sound:
        return info(sound, warnings, sound.frames)


def transcode(request: dict[str, Any]) -> dict[str, Any]:
    """Write the file anew as FLAC, MP3 or WAV, in a container that carries no tag and no name."""
    sound, warnings = opened(request["source"], request["limits"])
    with sound:
        deep = sound.subtype in DEEP and request["format"] != "MP3"
        options: dict[str, Any] = {"format": request["format"], "subtype": "PCM_24" if deep else "PCM_16"}
        if request["format"] == "MP3":
            options |= {"subtype": "MPEG_LAYER_III", "bitrate_mode": "CONSTANT", "compression_level": 0.5}
        Path(request["target"]).open("xb").close()
        try:
            target = soundfile.SoundFile(request["target"], "w", sound.samplerate, sound.channels, **options)
        except soundfile.LibsndfileError as error:
            if error.code == SYSTEM_ERROR:
                raise OSError(errno.ENOSPC, "the copy could not be written") from None
            raise Refusal("unsupported", f"{error.error_string} ({sound.samplerate} Hz)") from None
        frames = written(blocks(sound, "int32" if deep else "int16"), target)
        verified(request, frames)
        return info(sound, warnings, frames)


def written(parts: Iterator[Any], target: soundfile.SoundFile) -> int:
    """Write all frames; how many they were."""
    frames = 0
    with target:
        for block in parts:
            try:
                target.write(block)
            except (soundfile.LibsndfileError, AssertionError):  # soundfile asserts that all was written
                raise OSError(errno.ENOSPC, "the copy could not be written") from None
            frames += len(block)
    return frames


def redact(request: dict[str, Any]) -> dict[str, Any]:
    """Write a copy as FLAC with passages silenced: [channel, begin, end] in samples, fades inside, sorted by begin.

    With a "window" [begin, end] only that part is written: what staff hear before they decide. The container is new,
    so nothing of the source's tags, names or cue points comes along.
    """
    sound, warnings = opened(request["source"], request["limits"])
    with sound:
        deep = sound.subtype in DEEP
        begin, end = request.get("window") or (0, sound.frames)
        tone = request["fill"] == "beep"
        hidden = Hidden([tuple(cut) for cut in request["cuts"]], sound.samplerate, tone, request["fade"])
        Path(request["target"]).open("xb").close()
        options = {"format": "FLAC", "subtype": "PCM_24" if deep else "PCM_16"}
        target = soundfile.SoundFile(request["target"], "w", sound.samplerate, sound.channels, **options)
        parts = hidden.over(sound, "int32" if deep else "int16", begin, end)
        frames = written(parts, target)
        verified(request, frames)
        return info(sound, warnings, frames)


class Hidden:
    """The passages to silence, laid over a recording block by block; outside them every sample stays as it is."""

    def __init__(self, cuts: list[tuple[int, int, int]], rate: int, tone: bool, fade: int) -> None:
        self._cuts, self._rate, self._tone, self._fade = cuts, rate, tone, fade

    def over(self, sound: soundfile.SoundFile, dtype: str, begin: int, end: int) -> Iterator[Any]:
        """The blocks of samples [begin, end) with the passages silenced."""
        at = begin if sound.seekable() and begin else 0
        if at:
            sound.seek(at)
        for block in blocks(sound, dtype):
            for cut in self._cuts:
                if cut[1] < at + len(block) and at < cut[2]:
                    self._silence(block, at, *cut)
            yield block[max(begin - at, 0) : max(end - at, 0)]
            at += len(block)
            if at >= end:
                return

    def _silence(self, block: Any, at: int, channel: int, begin: int, end: int) -> None:
        """One passage on one channel of the block that starts at sample `at`."""
        first, last = max(begin - at, 0), min(end - at, len(block))
        places = numpy.arange(at + first, at + last)
        edge = numpy.minimum(places - begin, end - 1 - places)  # samples to the nearer end of the passage
        loud = numpy.clip(1 - (edge + 1) / max(self._fade, 1), 0, 1)
        kept = block[first:last, channel] * loud
        if self._tone:
            top = numpy.iinfo(block.dtype).max * 0.1  # 1 kHz at -20 dBFS
            kept = kept + numpy.sin(2000 * numpy.pi * places / self._rate) * top * (1 - loud)
        block[first:last, channel] = kept.astype(block.dtype)


def verified(request: dict[str, Any], frames: int) -> None:
    """Open the copy again: libsndfile tells nothing of a disk that is full when it closes a file."""
    try:
        copy, _ = opened(request["target"], {**request["limits"], "max_bytes": sys.maxsize})
        with copy:
            whole = copy.frames >= frames
    except Refusal:
        whole = False
    if not whole:
        raise OSError(errno.ENOSPC, "the copy could not be written")


def peaks(request: dict[str, Any]) -> dict[str, Any]:
    """Lowest and highest value of every 256 frames, per channel, as int8, behind a small head."""
    sound, warnings = opened(request["source"], request["limits"])
    with sound, Path(request["target"]).open("xb") as target:
        target.write(struct.pack(">4sBIQ", b"KPK1", sound.channels, sound.samplerate, sound.frames))
        frames = 0
        for block in blocks(sound, "int16"):
            frames += len(block)
            edges = numpy.arange(0, len(block), WINDOW)
            low, high = numpy.minimum.reduceat(block, edges), numpy.maximum.reduceat(block, edges)
            both = numpy.stack((low, high), axis=2)  # (windows, channels, 2)
            target.write((both / 256).astype(numpy.int8).tobytes())
        return info(sound, warnings, frames)


def turns(request: dict[str, Any]) -> dict[str, Any]:
    """Where each channel speaks, as JSON [channel, begin, end] in seconds: by the detector, and louder than the other
    channels, so that an echo is nobody's turn. Gaps under 0.35 s are joined, turns under 0.2 s dropped."""
    sound, warnings = opened(request["source"], request["limits"])
    with sound:
        if sound.samplerate not in (8_000, 16_000, 32_000, 48_000):
            raise Refusal("unsupported", f"{sound.samplerate} Hz")
        step = sound.samplerate * 30 // 1000
        detectors = [webrtcvad.Vad(1) for _ in range(sound.channels)]
        found: list[list[list[int]]] = [[] for _ in detectors]
        at = 0
        while len(block := sound.read(step * 256, dtype="int16", always_2d=True)) >= step:
            for frame in block[: len(block) // step * step].reshape(-1, step, sound.channels):
                loud = numpy.sqrt(numpy.square(frame.astype(numpy.float32)).mean(axis=0))
                for channel, detector in enumerate(detectors):
                    spoken = detector.is_speech(frame[:, channel].tobytes(), sound.samplerate)
                    if spoken and loud[channel] * 1.5 >= loud.max():
                        extend(found[channel], at, at + step, sound.samplerate * 35 // 100)
                at += step
        rate = sound.samplerate
        long = [(c, a / rate, b / rate) for c, mine in enumerate(found) for a, b in mine if b - a >= rate // 5]
        Path(request["target"]).write_text(json.dumps(sorted(long, key=lambda one: one[1])))
        return info(sound, warnings, sound.frames)


def extend(mine: list[list[int]], begin: int, end: int, gap: int) -> None:
    """Add a spoken stretch to a channel's turns, joined to the last one when the gap is short."""
    if mine and begin - mine[-1][1] < gap:
        mine[-1][1] = end
    else:
        mine.append([begin, end])


VERBS = {"probe": probe, "transcode": transcode, "peaks": peaks, "redact": redact, "turns": turns}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Do one request; what goes wrong becomes a reason."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + int(request["limits"]["cpu_seconds"])
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    try:
        return {"info": VERBS[request["verb"]](request)}
    except Refusal as refusal:
        return {"refused": refusal.args}
    except MemoryError:
        return {"refused": ("too_costly", "memory")}
    except soundfile.LibsndfileError as error:
        return {"refused": ("broken_header", error.error_string)}
    except OSError as error:
        return {"failed": (error.errno, error.strerror)}


def confine(memory: int, output: int) -> None:
    """Give up what decoding does not need, before any file is opened."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def main() -> None:
    """Serve requests until standard input ends."""
    confine(int(sys.argv[1]), int(sys.argv[2]))
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
