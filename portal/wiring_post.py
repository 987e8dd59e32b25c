"""The ways out to people beside letters, as the settings have them: text messages, e-mail, and the duty address."""

from collections.abc import Callable
from datetime import datetime

from config import BadSettings, Settings
from portal.adapters.post.email import DutyEmail, EmailFolder, EmailServer
from portal.adapters.post.sms import Folder, Gateway
from portal.services.ports.emails import Emails
from portal.services.ports.numbers import NumberCodes, TextMessages


def codes_of(settings: Settings, now: Callable[[], datetime]) -> NumberCodes:
    """How codes for telephone numbers are given. Raises BadSettings when the gateway's key is too short."""
    sms = settings.sms
    texts: TextMessages | None = None
    if sms.kind in ("console", "file"):
        texts = Folder(sms.folder or settings.data_dir / "text-messages")
    elif sms.kind == "http" and sms.token_file and sms.key_file:
        if not sms.token_file.is_file() or not sms.key_file.is_file() or len(sms.key_file.read_bytes().strip()) < 32:
            raise BadSettings("The portal cannot start:\n  PORTAL_SMS: token_file, and key_file with 32 bytes or more")
        texts = Gateway(sms.url, sms.token_file, sms.key_file, now, sms.sender, sms.body)
    return NumberCodes(texts, sms.countries, sms.budget)


def emails_of(settings: Settings) -> Emails | None:
    """How applicants get e-mail; None where they get none."""
    if settings.email and settings.email.kind == "console":
        return EmailFolder(settings.email.folder or settings.data_dir / "emails")
    return _server(settings)


def email_fault(settings: Settings) -> str | None:
    """Why no e-mail would go now; None where it would, and where the settings want none."""
    server = _server(settings)
    return server.fault() if server else None


def duty_of(settings: Settings) -> DutyEmail | None:
    """Who is told of a hold that is not confirmed; None where nobody is."""
    server = _server(settings)
    return DutyEmail(settings.duty, server, str(settings.staff_url)) if settings.duty and server else None


def _server(settings: Settings) -> EmailServer | None:
    told = settings.email
    if told is None or told.kind != "smtp":
        return None
    return EmailServer(told.sender, told.host, told.port, told.security, told.user, told.password_file)
