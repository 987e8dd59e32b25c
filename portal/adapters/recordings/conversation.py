"""A delivered call as a vCon 0.4.0, by the strict writer: no outside address, no agent's name.

Which channel of a stereo recording is whose is not told by every recorder, so both parties stand for the sound as a
whole.
"""

from collections.abc import Iterable, Iterator

from portal.adapters.recordings import vcon
from portal.services.ports.delivery import Conversation

_TAKEN_OUT = "others' personal data (GDPR 15(4))"


def write_conversation(told: Conversation, audio: Iterable[bytes]) -> Iterator[bytes]:
    """The container's bytes, the sound inside as it comes."""
    subject, organisation = vcon.Party(told.own_number), vcon.Party(told.service, told.organisation)
    return vcon.write(
        vcon.Written(
            uuid=told.uuid,
            created_at=told.created_at,
            subject=told.subject,
            parties=(subject, organisation),
            start=told.start,
            duration=told.duration,
            channels=((0, 1),),
            originator=0 if told.inward else 1,
            mediatype=told.mediatype,
            filename=told.filename,
            redacted=_TAKEN_OUT if told.left_out else None,
        ),
        audio,
    )
