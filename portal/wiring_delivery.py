"""What gives an answer meets its adapters: the keys that sign the manifest of what was given."""

from config import BadSettings, Settings
from portal.adapters import manifests
from portal.adapters.manifests import ManifestKeyError, ManifestKeys


def manifest_keys(settings: Settings) -> ManifestKeys:
    """The keys that sign manifests; the demo makes its own. Raises BadSettings."""
    path = settings.manifest_keys
    try:
        if path is not None:
            return manifests.load(path)
        own = settings.data_dir / "manifest-keys.json"
        return manifests.load(own) if own.exists() else manifests.create(own)
    except ManifestKeyError as error:
        raise BadSettings(f"The portal cannot start:\n  PORTAL_MANIFEST_KEYS: {error}") from None
