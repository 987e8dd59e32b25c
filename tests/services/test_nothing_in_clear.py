"""Administrators and the machine's operators cannot listen: no file of the portal holds sound, or a key that opens it,
without the key provider; and the command line has no verb that plays or gives out a recording."""

import ast
import base64
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask.cli import AppGroup

from portal import cli
from portal.adapters.vault import kuu1
from portal.adapters.vault.controller_keys import ControllerKeys
from portal.adapters.vault.keys import KeyRing
from portal.adapters.vault.vault import Vault
from portal.domain.case import Wishes
from portal.domain.recording import VaultFailure
from portal.jobs import runner
from portal.services.add_recording import add_recording
from portal.services.listen import open_recording
from portal.services.office import Office
from portal.services.redact import open_rendered
from portal.services.transcribe import write_transcript
from tests import make
from tests.services.test_redact import CALL, PART, approved, heard

PORTAL = Path(cli.__file__).parent
TALK = "Soittaja: Kanelipulla maksaa kolme euroa. Virkailija: [peitetty 0.02–0.03: muun henkilön tiedot]"
# the beginnings of sound files, long enough not to come about by chance in what is encrypted
MAGIC = re.compile(rb"fLaC\x00\x00\x00\x22|RIFF....WAVE|OggS\x00\x02|ID3[\x02-\x04]\x00.{5}T[A-Z]{3}", re.DOTALL)
KEYS = {"keys.json", "controller-keys", "clients"}
"""What the key provider holds: the test is about everything else."""


def files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not KEYS & set(file.relative_to(folder).parts):
            yield file, file.read_bytes()


def forms(secret: bytes) -> Iterator[bytes]:
    yield from (secret, secret.hex().encode(), base64.b64encode(secret)[:40], base64.urlsafe_b64encode(secret)[:40])


def test_no_file_holds_sound_or_a_key_after_a_whole_case(
    here: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deks: list[bytes] = []
    sealing = kuu1.seal

    def watched(source: kuu1.Reader, target: kuu1.Writer, dek: bytes, header: kuu1.Header, where: bytes) -> int:
        deks.append(dek)
        return sealing(source, target, dek, header, where)

    monkeypatch.setattr(kuu1, "seal", watched)
    made = heard(here, Wishes(transcript=True))
    ref, one = made.filed.ref, made.recordings[0]
    with CALL.open("rb") as stream:
        added = add_recording(
            here, made.handler, ref, make.call(), make.segment().start, make.segment().end, make.NUMBER, stream, "x.wav"
        )
    assert isinstance(added, str)
    approved(made)
    from_the_middle = []
    for sound in (open_rendered(here, made.listener, ref, one, 1),):
        data = b"".join(sound.read(0, sound.size))
        from_the_middle.append(data[len(data) // 2 :][:48])
    write_transcript(here, made.listener, ref, one, TALK, complete=False, seen="")
    made.proposed(**PART)
    runner.drain(here)
    source = CALL.read_bytes()
    from_the_middle += [source[len(source) // 2 :][:48], b"Kanelipulla"]
    found = dict(files(tmp_path))
    assert sum("vault" in file.parts for file in found) > 2
    assert any("uploads" in file.parts for file in found)
    assert any(file.name.startswith("portal.db") for file in found)
    assert not [file for file in found if "scratch" in file.parts]
    secrets = [form for dek in deks for form in forms(dek)] + [
        form for key in KeyRing.load(tmp_path / "keys.json").keys.values() for form in forms(key)
    ]
    assert len(deks) > 3
    for file, data in found.items():
        assert not MAGIC.search(data), file
        assert not [piece for piece in from_the_middle if piece in data], file
        assert not [secret for secret in secrets if secret in data], file


def test_the_files_open_with_no_other_keys(here: Office, tmp_path: Path) -> None:
    made = heard(here)
    with here.reading() as work:
        one = work.recordings.get(made.recordings[0])
    assert one is not None
    made_object = open_recording(here, made.listener, made.filed.ref, one.id).etag
    KeyRing.create(tmp_path / "others.json")
    stolen = Vault(
        tmp_path / "data" / "vault", ControllerKeys(KeyRing.load(tmp_path / "others.json"), tmp_path / "other-keys")
    )
    with pytest.raises(VaultFailure):
        stolen.open("espoo", made_object)


def verbs(group: click.Group, path: str = "flask") -> Iterator[tuple[str, click.Command]]:
    for name, one in group.commands.items():
        if isinstance(one, click.Group):
            yield from verbs(one, f"{path} {name}")
        else:
            yield f"{path} {name}", one


def test_no_command_is_named_after_playing_or_giving_out_a_recording() -> None:
    root = cli.command_line().cli
    assert isinstance(root, AppGroup)
    found = [path for path, _command in verbs(root)]
    assert len(found) > 30
    sounding = re.compile(r"\b(play|listen|hear|audio|sound|export|extract|decrypt|open|copy|fetch|download|get)")
    assert not [path for path in found if sounding.search(path)]


def test_no_command_opens_the_vault_or_a_source_or_a_way_to_the_sound() -> None:
    """What the modules of the command line call, by name: none of it hands out the bytes of a recording."""
    ways = {
        "open_recording", "open_rendered", "hear_passage", "open_copy", "make_copy", "make_listening_copy", "picture",
        "speech_turns", "given_copy", "listenable", "open_bundle", "open_package",
    }  # fmt: skip
    for file in [*PORTAL.glob("cli*.py"), PORTAL / "wiring.py"]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                name = called.rpartition(".")[2]
                assert name not in ways, (file.name, called)
                if (file.name, called) != ("cli_sources.py", "source.open"):  # `sources check` reads one byte of one
                    assert not re.search(r"(vault|source|sources\[.*\])\.(open|reader)$", called), called
