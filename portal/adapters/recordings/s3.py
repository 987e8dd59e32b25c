"""Recordings in a bucket that speaks S3, with versions and, where the bucket has it, object lock.

In a versioned bucket a plain deletion only adds a marker and the data stay readable, so deletion here always names
versions, and absence means that no version and no marker is left.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import boto3  # type: ignore[import-untyped]  # it has no types
import botocore.session  # type: ignore[import-untyped]  # it has no types
from botocore.config import Config  # type: ignore[import-untyped]  # it has no types
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]  # it has no types

from portal.adapters.recordings.folder import stat_of
from portal.adapters.recordings.store import Entry, far_file, parts_of
from portal.domain.recording import Capability, Changed, Denied, NotFound, Stat, Transient, Unsupported

_HELD, _RESTRICTED = "kuuluu-hold-", "kuuluu-restricted"
_MISSING = {"NoSuchKey", "NoSuchVersion", "404", "NoSuchBucket", "MethodNotAllowed"}
_DENIED = {"AccessDenied", "403", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
_CAN = {Capability.FETCH, Capability.RANGE, Capability.DELETE, Capability.VERIFY_ABSENT, Capability.RESTRICT}


@dataclass(frozen=True)
class S3Place:
    """Which bucket. `credentials_file` is a shared credentials file with a [default] part; `lock`: the bucket was made
    with object lock, so that a legal hold is kept by the storage itself."""

    bucket: str
    credentials_file: Path
    endpoint: str | None = None
    region: str = "eu-north-1"
    prefix: str = ""
    lock: bool = False


class S3Store:
    """The objects under the prefix. An object's version is its VersionId."""

    def __init__(self, place: S3Place) -> None:
        self.can = frozenset(_CAN | ({Capability.HOLD} if place.lock else set()))
        self._place = place
        self._made: Any = None

    def files(self) -> list[Entry]:
        return sorted(self._list("/"), key=lambda one: one.name)

    def walk(self) -> Iterator[Entry]:
        return self._list("")

    def open(self, locator: str) -> BinaryIO:
        """The newest version's bytes; a version written meanwhile does not mix with them."""
        key = self._key(locator)
        with _failures():
            head = self._s3.head_object(Bucket=self._place.bucket, Key=key)
        given = {"Bucket": self._place.bucket, "Key": key} | _version(head)

        def read_at(at: int, length: int) -> bytes:
            with _failures():
                body = self._s3.get_object(Range=f"bytes={at}-{at + length - 1}", **given)["Body"]
                found: bytes = body.read()
                return found

        return far_file(int(head["ContentLength"]), read_at)

    def local(self, locator: str) -> Path | None:
        return None

    def stat(self, locator: str) -> Stat:
        key = self._key(locator)
        with _failures():
            head = self._s3.head_object(Bucket=self._place.bucket, Key=key)
        with self.open(locator) as file:
            read = stat_of(file)
        return Stat(read.size, read.sha256, _version(head).get("VersionId") or head["ETag"])

    def delete(self, locator: str, expected_version: str) -> None:
        """Remove every version and marker of the object while its newest data are that version; none left: nothing.

        Raises Changed (and touches nothing), and Denied where the storage holds one of them.
        """
        key = self._key(locator)
        data, markers = self._versions(key)
        hidden = any(one["IsLatest"] for one in markers)  # the recorder "deleted" it: the data are still there
        if data and not hidden and expected_version not in (data[0]["VersionId"], data[0].get("ETag")):
            raise Changed("another version")
        with _failures():
            for one in [*data, *markers]:
                self._s3.delete_object(Bucket=self._place.bucket, Key=key, VersionId=one["VersionId"])

    def verify_absent(self, locator: str) -> bool:
        data, markers = self._versions(self._key(locator))
        return not data and not markers

    def hold(self, locator: str, ref: str) -> None:
        """A legal hold on the newest version, under `ref`; others' references stand beside it (nine at most)."""
        given = self._newest(locator, Capability.HOLD)
        with _failures():
            self._s3.put_object_legal_hold(LegalHold={"Status": "ON"}, **given)
            self._retag(given, add=_HELD + ref)

    def release(self, locator: str, ref: str) -> None:
        """Take `ref` away; the legal hold ends with the last one."""
        given = self._newest(locator, Capability.HOLD)
        with _failures():
            left = self._retag(given, drop=_HELD + ref)
            if not any(name.startswith(_HELD) for name in left):
                self._s3.put_object_legal_hold(LegalHold={"Status": "OFF"}, **given)

    def restrict(self, locator: str, on: bool) -> None:
        """Mark the object; the bucket's policy refuses marked objects to everybody but us (docs/sources.md)."""
        given = self._newest(locator, Capability.RESTRICT)
        with _failures():
            self._retag(given, **({"add": _RESTRICTED} if on else {"drop": _RESTRICTED}))

    def _newest(self, locator: str, wanted: Capability) -> dict[str, str]:
        if wanted not in self.can:
            raise Unsupported(wanted.value)
        key = self._key(locator)
        with _failures():
            head = self._s3.head_object(Bucket=self._place.bucket, Key=key)
        return {"Bucket": self._place.bucket, "Key": key} | _version(head)

    def _retag(self, given: dict[str, str], add: str = "", drop: str = "") -> set[str]:
        told = self._s3.get_object_tagging(**given)["TagSet"]
        before = {one["Key"]: one["Value"] for one in told}
        after = {name: value for name, value in before.items() if name != drop} | ({add: "1"} if add else {})
        if before and not after:
            self._s3.delete_object_tagging(**given)
        elif after != before:
            tags = [{"Key": name, "Value": value} for name, value in after.items()]
            self._s3.put_object_tagging(Tagging={"TagSet": tags}, **given)
        return set(after)

    def _versions(self, key: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The object's versions, newest first, and its deletion markers."""
        data: list[dict[str, Any]] = []
        markers: list[dict[str, Any]] = []
        with _failures():
            for page in self._s3.get_paginator("list_object_versions").paginate(Bucket=self._place.bucket, Prefix=key):
                data += [one for one in page.get("Versions", []) if one["Key"] == key]
                markers += [one for one in page.get("DeleteMarkers", []) if one["Key"] == key]
        return sorted(data, key=lambda one: one["LastModified"], reverse=True), markers

    def _list(self, delimiter: str) -> Iterator[Entry]:
        prefix, known = self._place.prefix, {"Delimiter": delimiter} if delimiter else {}
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._place.bucket, Prefix=prefix, **known)
        with _failures():
            for page in pages:
                for one in page.get("Contents", []):
                    stamp = f"{one['Size']}-{one['ETag']}"
                    yield Entry(
                        one["Key"][len(prefix) :], one["Size"], stamp, int(one["LastModified"].timestamp() * 1000)
                    )

    def _key(self, locator: str) -> str:
        return self._place.prefix + "/".join(parts_of(locator))

    @property
    def _s3(self) -> Any:
        """The client, made at need; its credentials come from the named file, never from the environment."""
        if self._made is None:
            session = botocore.session.Session()
            session.set_config_variable("credentials_file", str(self._place.credentials_file))
            session.set_config_variable("profile", "default")
            limits = Config(connect_timeout=10, read_timeout=30, retries={"max_attempts": 2})
            self._made = boto3.Session(botocore_session=session).client(
                "s3", endpoint_url=self._place.endpoint, region_name=self._place.region, config=limits
            )
        return self._made


def _version(head: dict[str, Any]) -> dict[str, str]:
    return {"VersionId": head["VersionId"]} if head.get("VersionId") else {}


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code"))
        if code in _MISSING:
            raise NotFound("no such object") from None
        if code in _DENIED:
            raise Denied(f"the storage refuses: {code}") from None
        raise Transient(f"the storage answers {code}") from None
    except (BotoCoreError, OSError) as error:
        raise Transient(f"the storage cannot be reached: {type(error).__name__}") from None
