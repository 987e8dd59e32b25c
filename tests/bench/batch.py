"""One hundred letters as one print batch, bound in a process of its own: seconds by the clock and peak memory.

`python -m tests.bench.batch FOLDER URL LETTERS` is that process: it starts the office, binds what waits, and says so.
"""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from portal.domain.access import SYSTEM, Actor, ActorKind, Role
from portal.domain.case import Address, Wishes
from portal.domain.decisions import LetterKind
from portal.domain.rights import Right
from portal.domain.words import Language
from portal.services.issue_letter import frozen, issue
from portal.services.letter_facts import address_rows
from portal.services.office import Office
from portal.services.print_batch import mail_room, make_batch
from tests import make
from tests.bench.place import place
from tests.bench.seed import REGISTER
from tests.bench.timing import Line
from tests.letters.make_register import make_letter
from tests.postgres import Cluster

LETTERS = 100
SECONDS, MEGABYTES = 8.0, 300.0
CLERK = Actor(ActorKind.STAFF, "bench".ljust(32, "0"), REGISTER, frozenset({Role.HANDLER}), "bench")


def batch(root: Path, _cluster: Cluster | None) -> list[Line]:
    """Refusals of three pages that wait for the post, bound by a fresh process that has rendered nothing before."""
    with place(root, "batch") as there:
        for number in range(LETTERS):
            _waiting_letter(there.here, number)
        url = str(there.here.book.engine.url)  # type: ignore[attr-defined]  # the store's Book
        command = [sys.executable, "-m", "tests.bench.batch", str(root / "batch"), url, str(LETTERS)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    detail = f"{found['letters']} letters, {found['pages']} pages, {found['bytes'] / 1e6:.1f} MB"
    return [
        Line("batch: one hundred letters bound for printing", found["seconds"], "s", SECONDS, detail),
        Line("batch: peak memory of the process", found["megabytes"], "MB", MEGABYTES, "the whole portal loaded"),
    ]


def _waiting_letter(here: Office, number: int) -> None:
    """A case of its own with a frozen refusal that waits for the post; the letter's facts are a sample's."""
    address = Address(f"Esimerkkikatu {number}", f"{number * 37 % 99:02}100", "Mallila")
    wanted = make.request(Right.ACCESS, wishes=Wishes(by_post=True), address=address)
    ref = make.filed(here, wanted, register=REGISTER).ref
    with here.reading() as work:
        case = work.cases.open(ref, CLERK)
    facts = make_letter(LetterKind.REFUSE, Language.FI, here.registers[REGISTER], case_no=ref)
    facts = replace(facts, recipient=address_rows(here, case))
    with frozen(here, REGISTER, facts) as letter, here.writing() as work:
        issue(here, work, work.cases.open(ref, CLERK, lock=True), letter, SYSTEM)


def main() -> None:
    """Bind what waits in this folder's office, and print what it took."""
    folder, url, letters = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    here = make.office(folder, url)
    start = time.perf_counter()
    waiting = [one.mail.document.id for one in mail_room(here, CLERK).waiting][:letters]
    made = make_batch(here, CLERK, waiting, Language.FI)
    seconds = time.perf_counter() - start
    peak = _peak_kilobytes() * 1024 / 1e6
    print(json.dumps({"seconds": seconds, "megabytes": peak, "letters": made.letters, "pages": made.pages,
                      "bytes": made.size}))  # fmt: skip


def _peak_kilobytes() -> int:
    """The most memory this program has held. getrusage would tell that of the process which started it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])


if __name__ == "__main__":
    main()
