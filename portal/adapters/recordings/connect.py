"""From a profile to its source: which listing, which store, and where their files and keys lie.

Paths in a profile are relative to the profile's own folder.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from portal.adapters.recordings.archive import ArchiveSource
from portal.adapters.recordings.cdr import CdrListing
from portal.adapters.recordings.folder import FolderStore
from portal.adapters.recordings.listing import Lists, ManifestListing, NameListing
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.s3 import S3Place, S3Store
from portal.adapters.recordings.sftp import SftpPlace, SftpStore
from portal.adapters.recordings.source import Probe, Sniff, StoredSource
from portal.adapters.recordings.store import Store
from portal.adapters.recordings.vcon_folder import VconFolder


def connect(profile: Profile, folder: Path, sniff: Sniff, probe: Probe, now: Callable[[], datetime]) -> StoredSource:
    """The source of a profile that stands in `folder`. Nothing is opened yet. Pushed calls have their own class."""
    if profile.listing == "vcon":
        containers = VconFolder(profile, folder)
        return StoredSource(profile, containers, containers, sniff, probe)
    store = _store(profile, folder)
    if profile.listing == "manifest" and isinstance(store, FolderStore):
        return ArchiveSource(profile, store.root, sniff, probe)
    return StoredSource(profile, _listing(profile, folder, store, now), store, sniff, probe)


def _listing(profile: Profile, folder: Path, store: Store, now: Callable[[], datetime]) -> Lists:
    if profile.listing == "cdr":
        return CdrListing(profile, folder / str(profile.cdr["database_file"]))
    return NameListing(profile, store, now) if profile.listing == "names" else ManifestListing(profile, store)


def _store(profile: Profile, folder: Path) -> Store:
    told: dict[str, Any] = {key: value for key, value in profile.store.items() if key != "kind"}
    kind = profile.store.get("kind", "folder")
    for name in ("key_file", "host_key_file", "credentials_file"):
        if name in told:
            told[name] = folder / str(told[name])
    if kind == "sftp":
        return SftpStore(SftpPlace(**told))
    if kind == "s3":
        return S3Store(S3Place(**told))
    return FolderStore(folder / str(told.get("root", ".")))
