"""The sources of recordings as the settings have them: a profile in each folder of PORTAL_SOURCES_DIR, and uploads."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from config import BadSettings, Settings
from portal.adapters.audio.sandbox import AudioLimits, Sandbox
from portal.adapters.recordings.connect import connect
from portal.adapters.recordings.profile import PROFILE_NAME, Profile, ProfileError, load_profile
from portal.adapters.recordings.push import KeyFault, PushSource
from portal.adapters.recordings.source import Probe
from portal.adapters.recordings.upload import UploadSource
from portal.adapters.scan.sniff import sniff
from portal.adapters.vault.vault import Vault, new_object_id


def uploads_of(settings: Settings, registers: Iterable[str], vault: Vault, probe: Probe) -> dict[str, UploadSource]:
    """Where staff of each register bring recordings by hand."""
    folder = settings.data_dir / "uploads"
    return {one: UploadSource(one, folder / one, vault, new_object_id, sniff, probe) for one in registers}


def connected(
    settings: Settings, registers: Iterable[str], vault: Vault, limits: AudioLimits, now: Callable[[], datetime]
) -> dict[str, Any]:
    """The sources that have a profile, by id. Raises BadSettings with the profile's folder and what it wants."""
    if settings.sources_dir is None:
        return {}
    known, box, found = set(registers), Sandbox(limits), dict[str, Any]()
    for file in sorted(settings.sources_dir.glob(f"*/{PROFILE_NAME}")):
        try:
            profile = load_profile(file)
            if profile.controller not in known:
                raise ProfileError(f"controller: no register {profile.controller!r}")
            if profile.id in found:
                raise ProfileError(f"id: {profile.id} is taken by another source")
            if profile.listing == "push":
                key, ledger = file.parent / str(profile.push["key_file"]), settings.data_dir / "pushed" / profile.id
                found[profile.id] = PushSource(profile, key, ledger, vault, new_object_id, sniff, box.probe, now)
            else:
                found[profile.id] = connect(profile, file.parent, sniff, box.probe, now)
        except (ProfileError, KeyFault) as error:
            raise BadSettings(f"The portal cannot start:\n  PORTAL_SOURCES_DIR: {file.parent.name}: {error}") from None
    return found


def profile_of(source: Any) -> Profile | None:
    """The profile of a source that has one."""
    found = getattr(source, "profile", None)
    return found if isinstance(found, Profile) else None
