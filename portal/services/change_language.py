"""Change the language in which a matter is handled, until it is decided (Language Act 423/2003 ss. 12 and 19)."""

from portal.domain.access import Actor
from portal.domain.lifecycle import ChangeLanguage, NotNow
from portal.domain.words import Language
from portal.services.office import Office
from portal.services.step import opened, take_step


def change_language(office: Office, actor: Actor, ref: str, language: Language, seen: int) -> None:
    """Letters are in `language` from now on. NotNow where the register does not serve in it, the case is in it
    already, or it has been decided."""
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        if language not in office.registers[case.register].languages:
            raise NotNow("language_not_served")
        take_step(office, work, case, ChangeLanguage(language), actor)
