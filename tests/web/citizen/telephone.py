"""A telephone for page tests: the gateway that keeps what it was given."""

import re
from dataclasses import dataclass, field

from portal.jobs import runner
from portal.services.office import Office
from portal.services.ports import TextMessage


@dataclass
class Telephone:
    """Messages as they came."""

    got: list[TextMessage] = field(default_factory=list)

    def send(self, message: TextMessage) -> None:
        self.got.append(message)

    def code(self, office: Office) -> str:
        """The code in the newest message, after the worker has sent what waits."""
        runner.drain(office)
        found = re.search(r"\d{6}", self.got[-1].text)
        assert found
        return found[0]
