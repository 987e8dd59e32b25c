"""Recordings on an SFTP server, known by its pinned host key and by nothing else.

A key that is not the pinned one is refused before we say who we are: it is either a new server, which the operator
announces, or somebody between us.
"""

import base64
import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

import paramiko

from portal.adapters.recordings.folder import stat_of
from portal.adapters.recordings.store import Entry, NoHold, far_file, parts_of
from portal.domain.recording import Capability, Changed, Denied, NotFound, Stat, Transient

_WAIT = 30  # seconds
_RSA = ("rsa-sha2-512", "rsa-sha2-256")


@dataclass(frozen=True)
class SftpPlace:
    """Where and as whom. `host_key_file`: one line as in known_hosts; `key_file`: our private key (mode 0600)."""

    host: str
    user: str
    key_file: Path
    host_key_file: Path
    root: str = "."
    port: int = 22


class SftpStore(NoHold):
    """Files on the server, one connection for one thread at a time, opened at need and again after it broke."""

    can = frozenset({Capability.FETCH, Capability.RANGE, Capability.DELETE, Capability.VERIFY_ABSENT})

    def __init__(self, place: SftpPlace) -> None:
        self._place = place
        self._turn = threading.RLock()
        self._client: paramiko.SFTPClient | None = None

    def files(self) -> list[Entry]:
        with self._connected() as client:
            found = client.listdir_attr(self._place.root)
        return sorted((_entry("", one) for one in found if S_ISREG(one.st_mode or 0)), key=lambda one: one.name)

    def walk(self) -> Iterator[Entry]:
        folders = [""]
        while folders:
            above = folders.pop()
            with self._connected() as client:
                found = client.listdir_attr(f"{self._place.root}/{above}".rstrip("/"))
            yield from (_entry(above, one) for one in found if S_ISREG(one.st_mode or 0))
            folders += [f"{above}{one.filename}/" for one in found if S_ISDIR(one.st_mode or 0)]

    def open(self, locator: str) -> BinaryIO:
        with self._connected() as client:
            path = self._path(client, locator)
            size = client.lstat(path).st_size or 0
            file = client.open(path, "rb")

        def read_at(at: int, length: int) -> bytes:
            with self._failures():
                return b"".join(file.readv([(at, length)]))

        return far_file(size, read_at, lambda: _quietly(file))

    def local(self, locator: str) -> Path | None:
        return None

    def stat(self, locator: str) -> Stat:
        with self.open(locator) as file:
            return stat_of(file)

    def delete(self, locator: str, expected_version: str) -> None:
        """Remove the file if it is still that version; the server's own words decide whether we may."""
        try:
            with self._connected() as client:
                path = self._path(client, locator)
                before = client.lstat(path)
                version = self.stat(locator).version
                after = client.lstat(path)
                same = (before.st_size, before.st_mtime) == (after.st_size, after.st_mtime)
                if version != expected_version or not same:
                    raise Changed("another file of that name")
                client.remove(path)
        except NotFound:
            return

    def verify_absent(self, locator: str) -> bool:
        try:
            with self._connected() as client:
                client.lstat("/".join([self._place.root, *parts_of(locator)]))
        except NotFound:
            return True
        return False

    def close(self) -> None:
        """End the connection; a later question opens another."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # it is given up either way
                client.get_channel().get_transport().close()  # type: ignore[union-attr]  # an open client has both

    def _path(self, client: paramiko.SFTPClient, locator: str) -> str:
        """The file's path, every step of it a plain folder and its end a plain file: no link is followed."""
        path, parts = self._place.root, parts_of(locator)
        for step, part in enumerate(parts, start=1):
            path = f"{path}/{part}"
            mode = client.lstat(path).st_mode or 0
            if not (S_ISREG(mode) if step == len(parts) else S_ISDIR(mode)):
                raise Denied("not a plain file")
        return path

    @contextmanager
    def _connected(self) -> Iterator[paramiko.SFTPClient]:
        with self._turn, self._failures():
            channel = self._client.get_channel() if self._client else None
            if self._client is None or channel is None or channel.closed:
                self._client = self._connect()
            yield self._client

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise NotFound("no such file") from None
        except PermissionError:
            raise Denied("the server refuses") from None
        except (paramiko.SSHException, EOFError, OSError) as error:
            if isinstance(error, OSError) and error.errno == errno.ENOENT:
                raise NotFound("no such file") from None
            if isinstance(error, OSError) and str(error) == "Failure":  # the protocol's word for every other no
                raise Denied("the server refuses") from None
            self.close()
            raise Transient(f"the connection failed: {type(error).__name__}") from None

    def _connect(self) -> paramiko.SFTPClient:
        place, pinned = self._place, _pinned(self._place.host_key_file)
        transport = paramiko.Transport((place.host, place.port))
        transport.banner_timeout = transport.auth_timeout = _WAIT
        wanted = _RSA if pinned.get_name() == "ssh-rsa" else (pinned.get_name(),)
        transport.get_security_options().key_types = wanted
        try:
            transport.start_client(timeout=_WAIT)
            shown = transport.get_remote_server_key()
            if shown.asbytes() != pinned.asbytes():
                raise Denied(_changed(shown.fingerprint, pinned.fingerprint, place.host_key_file.name))
            transport.auth_publickey(place.user, paramiko.PKey.from_path(place.key_file))
            client = paramiko.SFTPClient.from_transport(transport)
            if client is None:
                raise Transient("the server opens no SFTP channel")
            client.get_channel().settimeout(_WAIT)  # type: ignore[union-attr]  # a new client has its channel
        except paramiko.AuthenticationException:
            transport.close()
            raise Denied("the server does not accept our key") from None
        except paramiko.ssh_exception.IncompatiblePeer:
            transport.close()
            raise Denied(_changed("a key of another kind", pinned.fingerprint, place.host_key_file.name)) from None
        except BaseException:
            transport.close()
            raise
        return client


def _changed(shown: str, pinned: str, file: str) -> str:
    return f"host key changed: {shown}, pinned {pinned}: ask the operator, then replace {file}"


def _pinned(path: Path) -> paramiko.PKey:
    """The host key in a file: a line of known_hosts, or of the server's own public key."""
    try:
        words = next(line for line in path.read_text("ascii").splitlines() if line.strip() and line[0] != "#").split()
        at = next(n for n, word in enumerate(words) if word.startswith(("ssh-", "ecdsa-")))
        return paramiko.PKey.from_type_string(words[at], base64.b64decode(words[at + 1], validate=True))
    except (OSError, ValueError, StopIteration, IndexError, paramiko.SSHException):
        raise Denied(f"{path.name}: holds no host key") from None


def _entry(above: str, one: paramiko.SFTPAttributes) -> Entry:
    size, written = one.st_size or 0, one.st_mtime or 0
    return Entry(f"{above}{one.filename}", size, f"{size}-{written}", written * 1000)


def _quietly(file: paramiko.SFTPFile) -> None:
    with suppress(Exception):  # a file whose connection broke is closed already
        file.close()
