"""A folder of messages: the demo's page reads it, and so can an installation's own sender."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from portal.services.ports import NotSent


def put(folder: Path, message_id: str, message: Mapping[str, str]) -> None:
    """The message as `<id>.json` that its owner alone can read, whole from the first moment; NotSent when it cannot be
    written. The same id again replaces it."""
    target = folder / f"{message_id}.json"
    draft = target.with_suffix(".part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump({"id": message_id, **message}, file, ensure_ascii=False)
        draft.replace(target)
    except OSError as fault:
        raise NotSent(type(fault).__name__) from None
