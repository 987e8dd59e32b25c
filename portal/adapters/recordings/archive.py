"""The commonest source: a folder of recordings on this machine with a manifest beside them."""

from pathlib import Path

from portal.adapters.recordings.folder import FolderStore
from portal.adapters.recordings.listing import ManifestListing
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.source import Probe, Sniff, StoredSource


class ArchiveSource(StoredSource):
    """One archive folder of one controller."""

    def __init__(self, profile: Profile, root: Path, sniff: Sniff, probe: Probe) -> None:
        store = FolderStore(root)
        super().__init__(profile, ManifestListing(profile, store), store, sniff, probe)
