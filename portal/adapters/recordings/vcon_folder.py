"""Recordings that come as vCon containers: files in a folder, alone or bundled in ZIPs.

Each sound of a container is a recording, named `file#number` or `bundle.zip/file#number`. To delete one, its sound is
taken out of the container and an empty place is left, so that the others keep their numbers; the last one takes the
file with it. Nothing is fetched from the addresses that a container names.
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from portal.adapters.recordings.folder import FolderStore, typed
from portal.adapters.recordings.listing import Listed
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.store import Entry, NoHold, parts_of
from portal.adapters.recordings.vcon import LARGEST, BadVcon, Sound, Vcon, read
from portal.domain.phone import Number, Withheld, normalise
from portal.domain.recording import (
    Capability,
    Changed,
    Denied,
    NotFound,
    RefusalCode,
    Refused,
    SegmentMeta,
    Stat,
    Transient,
)

MOST_IN_ZIP = 10_000
MOST_GROWN = 100  # a container is JSON and base64: nothing honest shrinks a hundredfold
_CODES = {"too_large": RefusalCode.TOO_LARGE, "bad_hash": RefusalCode.TRUNCATED, "encrypted": RefusalCode.UNSUPPORTED,
          "signed": RefusalCode.UNSUPPORTED, "unknown_version": RefusalCode.UNSUPPORTED}  # fmt: skip


class VconFolder(NoHold):
    """The containers under `root`, as a store and as a listing in one."""

    can = frozenset({Capability.FETCH, Capability.RANGE, Capability.DELETE, Capability.VERIFY_ABSENT})

    def __init__(self, profile: Profile, root: Path) -> None:
        self._profile, self._folder = profile, FolderStore(root)

    # --- the listing ---------------------------------------------------------------------------------------------

    def read(self, cursor: str | None, limit: int) -> Listed:
        """The containers after the cursor, oldest first; at least one whole file, and then at most `limit` sounds."""
        last, listed = _last(cursor), Listed()
        waiting = sorted(
            (one.order, one.name) for one in self._folder.walk() if _is_vcon(one) and (one.order, one.name) > last
        )
        for order, name in waiting:
            if len(listed.rows) >= limit:
                listed.done = False
                break
            listed.rows += [(name, line, made) for line, made in enumerate(self._sounds(name), start=1)]
            last = order, name
        listed.cursor = json.dumps(last)
        return listed

    def _sounds(self, name: str) -> Iterator[SegmentMeta | Refused]:
        try:
            with self._folder.open(name) as file:
                if not name.endswith(".zip"):
                    yield from self._container(file.read(LARGEST + 1), name)
                    return
                with zipfile.ZipFile(file) as bundle:
                    for inner in _members(bundle):
                        yield from self._container(_inflated(bundle, inner), f"{name}/{inner.filename}")
        except (BadVcon, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            yield _refused(error)
        except Denied:
            yield Refused(RefusalCode.BAD_PATH, "a link, or closed to us")

    def _container(self, data: bytes, name: str) -> Iterator[SegmentMeta | Refused]:
        try:
            found = read(data)
        except BadVcon as error:
            yield _refused(error)
            return
        for number, sound in enumerate(found.sounds):
            yield self._segment(found, sound, f"{name}#{number}")

    def _segment(self, found: Vcon, sound: Sound, locator: str) -> SegmentMeta | Refused:
        others = [party for n, party in enumerate(found.parties) if n != sound.originator]
        caller = found.parties[sound.originator] if sound.originator is not None else None
        number = self._number(caller.tel if caller else None)
        if not isinstance(number, Number | Withheld):
            return Refused(RefusalCode.BAD_NUMBER, "tel")
        called = next((one for party in others if isinstance(one := self._number(party.tel), Number)), None)
        return SegmentMeta(
            call_uid=found.uuid, locator=locator, start=sound.start, end=sound.start + sound.duration,
            caller=number.e164 if isinstance(number, Number) else None, withheld=isinstance(number, Withheld),
            other_number=None, service_number=called.e164 if called else None, queue=None,
            agent=next((party.name for party in others if party.name), None), direction="in",
            recording_class=self._profile.default_class, has_audio=sound.audio is not None,
        )  # fmt: skip

    def _number(self, text: str | None) -> Any:
        words = self._profile.withheld_words
        return normalise(text, prefixes=self._profile.strip, withheld_words=words) if text else Withheld()

    # --- the store -----------------------------------------------------------------------------------------------

    def files(self) -> list[Entry]:
        return self._folder.files()

    def walk(self) -> Iterator[Entry]:
        return self._folder.walk()

    def local(self, locator: str) -> Path | None:
        return None

    def open(self, locator: str) -> BinaryIO:
        return io.BytesIO(self._audio(locator))

    def stat(self, locator: str) -> Stat:
        audio = self._audio(locator)
        digest = hashlib.sha256(audio).hexdigest()
        return Stat(len(audio), digest, digest)

    def verify_absent(self, locator: str) -> bool:
        try:
            self._audio(locator)
        except NotFound:
            return True
        return False

    def delete(self, locator: str, expected_version: str) -> None:
        """Take the sound out of its container if it is still that version, and the file away with its last sound."""
        try:
            if self.stat(locator).version != expected_version:
                raise Changed("another sound")
        except NotFound:
            return
        name, inner, number = _named(locator)
        with self._folder.folder_of(name) as (folder, file):
            if inner is None:
                data: bytes | None = _without(self._bytes(name), number)
            else:
                data = self._bundle_without(name, inner, number)
            try:
                _replace(folder, file, data)
            except OSError as error:
                raise typed(error) from error

    def _bundle_without(self, name: str, inner: str, number: int) -> bytes | None:
        made, left = io.BytesIO(), 0
        with self._bundle(name) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for one in _members(old):
                data: bytes | None = _inflated(old, one)
                data = _without(data or b"", number) if one.filename == inner else data
                if data is not None:
                    new.writestr(one.filename, data)
                    left += 1
        return made.getvalue() if left else None

    @contextmanager
    def _bundle(self, name: str) -> Iterator[zipfile.ZipFile]:
        with self._folder.open(name) as file, zipfile.ZipFile(file) as bundle:
            yield bundle

    def _bytes(self, name: str) -> bytes:
        with self._folder.open(name) as file:
            return file.read(LARGEST + 1)

    def _audio(self, locator: str) -> bytes:
        name, inner, number = _named(locator)
        try:
            if inner is None:
                data = self._bytes(name)
            else:
                with self._bundle(name) as bundle:
                    data = _inflated(bundle, bundle.getinfo(inner))
            audio = read(data).sounds[number].audio
        except (KeyError, IndexError):
            raise NotFound("no such sound") from None
        except (BadVcon, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise Transient(f"the container does not open: {type(error).__name__}") from None
        if audio is None:
            raise NotFound("no such sound")
        return audio


def _is_vcon(one: Entry) -> bool:
    return one.name.endswith((".vcon", ".vcon.json", ".zip"))


def _members(bundle: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found = [one for one in bundle.infolist() if not one.is_dir()]
    if len(found) > MOST_IN_ZIP:
        raise BadVcon("too_large", f"{len(found)} files in a bundle")
    return found


def _inflated(bundle: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    """A bundled container, never more than it may be: what the directory says is not believed either."""
    if one.file_size > LARGEST or one.file_size > MOST_GROWN * max(1, one.compress_size):
        raise BadVcon("too_large", f"{one.file_size} bytes from {one.compress_size}")
    with bundle.open(one) as file:
        data = file.read(one.file_size + 1)
    if len(data) > one.file_size:
        raise BadVcon("too_large", "more than its directory says")
    return data


def _refused(error: Exception) -> Refused:
    code = error.code if isinstance(error, BadVcon) else "broken"
    return Refused(_CODES.get(code, RefusalCode.MALFORMED), f"vCon: {code}")


def _named(locator: str) -> tuple[str, str | None, int]:
    """File, container inside a bundle, and the sound's number. Raises Denied for what is no such place."""
    place, _, number = locator.rpartition("#")
    if not number.isdigit() or not number.isascii():
        parts_of(locator)
        raise NotFound("no such sound") if "#" not in locator else Denied("not a sound's place")
    bundle, zipped, inner = place.partition(".zip/")
    parts_of(bundle)
    return (f"{bundle}.zip", inner, int(number)) if zipped else (place, None, int(number))


def _without(data: bytes, number: int) -> bytes | None:
    """The container with that sound's place left empty; None when no sound is left."""
    container = json.loads(data)
    sounds = [one for one in container["dialog"] if one.get("type") == "recording" and not _is_video(one)]
    for name in ("body", "encoding", "content_hash", "url", "filename"):
        sounds[number].pop(name, None)
    left = any(one.get("body") for one in sounds)
    return json.dumps(container, ensure_ascii=False).encode("utf-8") if left else None


def _is_video(dialog: dict[str, Any]) -> bool:
    return str(dialog.get("mediatype") or dialog.get("mimetype") or "").startswith("video/")


def _replace(folder: int, name: str, data: bytes | None) -> None:
    """Put `data` in the file's place, whole or not at all; None: take the file away."""
    if data is None:
        os.unlink(name, dir_fd=folder)
    else:
        part = f".{name}.part"
        with suppress(FileNotFoundError):
            os.unlink(part, dir_fd=folder)
        fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)


def _last(text: str | None) -> tuple[int, str]:
    try:
        order, name = json.loads(text or "null")
        return int(order), str(name)
    except (ValueError, TypeError):
        return -1, ""
