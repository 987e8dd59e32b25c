"""What may be recorded in a case without a step, and by which action: none of it moves the case's state."""

from portal.domain import events
from portal.domain.access import Action
from portal.domain.events import Event

RECORDABLE: dict[type[Event], Action] = {
    events.HoldOutcomeRecorded: Action.CONFIRM_HOLD,
    events.HoldReleased: Action.HOUSEKEEP,
    events.HoldKept: Action.CLOSE,
    events.RecordingAdded: Action.ADD_RECORDING,
    events.RecordingListened: Action.LISTEN,
    events.LetterIssued: Action.SEE_CASE,
    events.LetterPosted: Action.POST_LETTER,
    events.LetterPrinted: Action.POST_LETTER,
    events.LetterReturned: Action.POST_LETTER,
    events.RecordingErased: Action.CARRY_OUT,
    events.RecordingRestricted: Action.SIGN,
    events.RestrictionBegun: Action.HOUSEKEEP,
    events.StatementAttached: Action.SIGN,
    events.LetterRead: Action.OPEN_REPLY,
    events.CopyPlayed: Action.OPEN_REPLY,
    events.CopyDownloaded: Action.OPEN_REPLY,
    events.CopyKept: Action.OPEN_REPLY,
    events.TranscriptWritten: Action.LISTEN,
    events.TranscriptOpened: Action.LISTEN,
    events.RedactionSubmitted: Action.LISTEN,
    events.RedactionReturned: Action.LISTEN,
    events.RedactionApproved: Action.LISTEN,
    events.RedactionDropped: Action.LISTEN,
    events.TranscriptChecked: Action.APPROVE,
    events.CallsSearched: Action.CHOOSE_CALL,
    events.MessagesRead: Action.TAKE_UP,
    events.MetadataCorrected: Action.SIGN,
    events.TranscriptDownloaded: Action.OPEN_REPLY,
    events.ConsentWithdrawn: Action.FILE_REQUEST,
    events.RestrictionLifted: Action.HOUSEKEEP,
    events.NumberRung: Action.SUPPORT_NUMBER,
    events.DocumentAttached: Action.FILE_REQUEST,
    events.DocumentOpened: Action.DECIDE,
    events.DocumentRemoved: Action.HOUSEKEEP,
    events.IdentityCodeRevealed: Action.DECIDE,
}
