"""(g) harvest: a manifest of a million rows read, normalised, sealed and indexed.

In a process of its own, which has imported what a harvest needs and no pages, letters or decoders.
"""

import multiprocessing
import time
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from portal.adapters.recordings.archive import ArchiveSource
from portal.adapters.recordings.profile import Profile
from portal.adapters.vault.keys import KeyRing
from portal.domain.moments import helsinki
from portal.domain.recording import AudioInfo, AudioKind
from portal.registers.load import load_all
from portal.services.harvest import harvest
from portal.services.office import Office
from portal.store.book import Book
from portal.store.crypto import Cipher
from portal.store.engine import make_engine
from portal.store.migrate import upgrade
from tests.bench.timing import Line
from tests.postgres import Cluster

NOW = datetime(2026, 6, 18, 9, 0, tzinfo=UTC)
ROWS = 1_000_000
LEAST_ROWS, MOST_MB = 5_000, 200
COLUMNS = {"call_uid": "Tunnus", "start": "Alkoi", "duration": "Kesto", "caller": "Numero", "service_number": "Palvelu",
           "agent": "Asiakaspalvelija", "file": "Tiedosto"}  # fmt: skip
REGISTER = "espoo"
REGISTERS = Path(__file__).parents[2] / "portal" / "registers"
PROFILE = Profile("bench", REGISTER, "puhelut.csv", "csv", COLUMNS, custody="unreachable")


def harvested(root: Path, cluster: Cluster | None, rows: int = ROWS) -> list[Line]:
    """Rows a second of CPU time, and the most memory the process took. The files themselves are at the operator's."""
    folder = root / "harvest"
    folder.mkdir()
    url = f"sqlite:///{folder}/portal.db" if cluster is None else cluster.url(cluster.create())
    upgrade(url)
    made = NOW
    with (folder / "puhelut.csv").open("w", encoding="utf-8") as file:
        file.write(";".join(COLUMNS.values()) + "\n")
        for n in range(rows):
            start = helsinki(made - timedelta(days=1, seconds=15 * (n % 900_000)))
            number = f"0{40 + n % 10} {1_000_000 + n * 7_919 % 8_999_999}"
            told = (f"{start:%d.%m.%Y %H.%M.%S}", str(20 + n % 900), number, "09 816 0011", "Tuulikki Soittola")
            file.write(";".join((f"k{n}", *told, f"{start:%Y/%m}/k{n}.wav")) + "\n")
    context = multiprocessing.get_context("spawn")
    answer = context.SimpleQueue()
    process = context.Process(target=_run, args=(folder, url, answer))
    process.start()
    process.join()
    loaded, cpu, wall, megabytes = answer.get()
    size = f"{rows:,}".replace(",", " ")
    detail = f"{loaded} calls in {wall:.0f} s by the clock, {cpu:.0f} s of CPU"
    return [
        Line(
            f"harvest of {size} manifest rows, rows a second of CPU", loaded / cpu, "", LEAST_ROWS, detail, least=True
        ),
        Line("the same, most memory of the process", megabytes, "MB", MOST_MB, "VmHWM of a process of its own"),
    ]


def _run(folder: Path, url: str, answer: "multiprocessing.SimpleQueue[tuple[int, float, float, float]]") -> None:
    keys = folder / "keys.json"
    KeyRing.create(keys)
    engine = make_engine(url)
    ports: dict[str, Any] = {"registers": load_all(REGISTERS), "clock": lambda: NOW, "sources": {}}
    ports["book"] = Book(engine, Cipher(KeyRing.load(keys)))
    here = Office(**{one.name: ports.get(one.name) for one in fields(Office)})  # type: ignore[arg-type]  # no others
    source = ArchiveSource(PROFILE, folder, lambda _head, _name: AudioKind.WAV, lambda _path: AudioInfo("", 1, 1, 0, 0))
    ports["sources"]["bench"] = source
    wall, cpu = time.perf_counter(), time.process_time()
    loaded, _ = harvest(here, "bench")
    spent = time.process_time() - cpu, time.perf_counter() - wall
    answer.put((loaded, *spent, _most_megabytes()))


def _most_megabytes() -> float:
    """Of this program alone: what getrusage tells begins with the size of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (told,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(told.split()[1]) / 1024
