"""Real counterparts for sources: an SFTP server with host keys, and an S3 server with object lock, on this machine."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncssh
import boto3  # type: ignore[import-untyped]  # it has no types
from moto.server import ThreadedMotoServer

from portal.adapters.recordings.s3 import S3Place
from portal.adapters.recordings.sftp import SftpPlace


class SftpServer:
    """An SFTP server for one folder; its host key can be changed, and its answers spoilt."""

    def __init__(self, home: Path, root: Path) -> None:
        self.home, self.root, self.port = home, root, 0
        self.break_after: int | None = None  # bytes of a file after which every connection is cut
        self.read_only = False
        self.slow = 0.0  # seconds before each answer to a reading
        self._loop = asyncio.new_event_loop()
        self._server: Any = None
        self._open: list[asyncssh.SSHServerConnection] = []
        self._key(home / "client")
        self.new_host_key()

    def _key(self, path: Path, kind: str = "ssh-ed25519") -> None:
        made = asyncssh.generate_private_key(kind)
        made.write_private_key(str(path))
        path.chmod(0o600)
        made.write_public_key(str(path.with_suffix(".pub")))

    def new_host_key(self, kind: str = "ssh-ed25519") -> None:
        """Another key of the server, as after a new installation, or when somebody stands between."""
        self._key(self.home / "host", kind)

    def pin(self) -> None:
        """Write the present host key down as the pinned one."""
        (self.home / "pinned").write_text((self.home / "host.pub").read_text("ascii"), "ascii")

    def place(self) -> SftpPlace:
        return SftpPlace("127.0.0.1", "kuuluu", self.home / "client", self.home / "pinned", ".", self.port)

    def start(self) -> None:
        ready = threading.Event()

        def run() -> None:
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(self._listen())
            ready.set()
            self._loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        assert ready.wait(20)

    async def _listen(self) -> None:
        server = self

        class Files(asyncssh.SFTPServer):
            def __init__(self, channel: Any) -> None:
                super().__init__(channel, chroot=str(server.root).encode())

            async def read(self, file_obj: Any, offset: int, size: int) -> Any:
                await asyncio.sleep(server.slow)
                if server.break_after is not None and offset + size > server.break_after:
                    self._chan.get_connection().abort()
                    raise ConnectionError
                return super().read(file_obj, offset, size)

            def remove(self, path: bytes) -> None:
                if server.read_only:
                    raise asyncssh.SFTPPermissionDenied("read only")
                super().remove(path)

        self._server = await asyncssh.listen(
            "127.0.0.1", self.port, server_host_keys=[str(self.home / "host")], sftp_factory=Files,
            authorized_client_keys=str(self.home / "client.pub"),
        )  # fmt: skip
        self.port = self._server.get_port()

    def restart(self) -> None:
        """Stop, and listen on the same port with the present host key."""

        async def again() -> None:
            self._server.close()
            await self._server.wait_closed()
            await self._listen()

        asyncio.run_coroutine_threadsafe(again(), self._loop).result(20)

    def stop(self) -> None:
        async def close() -> None:
            self._server.close()

        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(close(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)


@contextmanager
def sftp_server(home: Path, root: Path) -> Iterator[SftpServer]:
    """A running server whose host key is pinned."""
    server = SftpServer(home, root)
    server.pin()
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Bucket:
    """A bucket of the S3 server, and a client of the recording system's own."""

    def __init__(self, url: str, name: str, home: Path, lock: bool) -> None:
        credentials = home / "credentials"
        credentials.write_text("[default]\naws_access_key_id = AKIATEST\naws_secret_access_key = secret\n")
        self.name = name
        self.place = S3Place(name, credentials, url, "us-east-1", "nauhat/", lock)
        self.client: Any = boto3.client(
            "s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"
        )
        self.client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock)
        self.client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})

    def put(self, name: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=f"nauhat/{name}", Body=data)


@contextmanager
def s3_server() -> Iterator[str]:
    """A running S3 server; its address."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()
