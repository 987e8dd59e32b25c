"""Sources whose calls may not be read into our index, only searched for a request: which they are, and the job."""

from datetime import datetime

from portal.domain.case import Case
from portal.domain.recording import Capability
from portal.services.office import Office
from portal.services.ports import Source, Work


def live_sources(office: Office, register: str) -> tuple[Source, ...]:
    """The register's sources that are searched for each case, by id."""
    found = (one for one in office.sources.values() if one.register == register and searched_live(one))
    return tuple(sorted(found, key=lambda one: one.id))


def searched_live(source: Source) -> bool:
    """May this source not be harvested, so that it is searched for each case?"""
    return Capability.SEARCH in source.capabilities and Capability.LIST not in source.capabilities


def queue_search(office: Office, work: Work, case: Case, at: datetime) -> None:
    """Queue the search for a case, whether or not anything is known of its calls; nothing where no source wants it."""
    if live_sources(office, case.register):
        work.outbox.add("search_live", {"case": case.id}, f"search_live:{case.id}:{case.seq}:{at.isoformat()}", at)
