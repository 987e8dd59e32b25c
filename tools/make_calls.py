#!/usr/bin/env python3
"""Make the committed audio anew from text: the demo's dialogues and the tests' small set.

Wants espeak-ng, sox (libsox-fmt-all) and opusenc (opus-tools); the portal, its demo and its tests
need none of them, because what this writes is committed. The voices are synthetic and everything
said is invented. Run it in the project's root: `.venv/bin/python tools/make_calls.py`.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
DEMO, TESTS = ROOT / "portal/demo/audio", ROOT / "tests/data/audio"
RATE, GAP_SECONDS, ECHO = 8000, 0.45, 0.004
VOICES = {"caller": ("fi+m3", "45"), "agent": ("fi+f2", "55"), "caller_f": ("fi+f4", "62"), "agent_m": ("fi+m7", "40")}

Samples = NDArray[numpy.int16]


@dataclass(frozen=True)
class Turn:
    """One thing said; `third_party` marks a passage about somebody else."""

    who: str
    text: str
    third_party: bool = False


DIALOGUES: dict[str, list[Turn]] = {
    "ajanvaraus": [
        Turn("agent", "Hyvää huomenta, ajanvaraus. Puhelu tallennetaan. Kuinka voin auttaa?"),
        Turn("caller_f", "Huomenta. Aava Esimerkki tässä. Lapsella on ollut korva kipeä eilisillasta asti."),
        Turn("agent", "Onko hänellä kuumetta?"),
        Turn("caller_f", "On vähän, kolmekymmentäkahdeksan astetta. Haluaisin ajan lastenlääkärille."),
        Turn("agent", "Tänään on vapaana aika kello kymmenen viisitoista. Sopiiko se?"),
        Turn("caller_f", "Sopii oikein hyvin, kiitos."),
        Turn("agent", "Varasin ajan. Tervetuloa."),
    ],
    "varhaiskasvatus": [
        Turn("agent", "Varhaiskasvatuksen neuvonta, hyvää huomenta. Puhelu tallennetaan."),
        Turn("caller_f", "Huomenta, Tuulikki Soittola tässä. Kysyisin päivähoitopaikasta."),
        Turn("agent", "Kerro vain. Milloin hoidon pitäisi alkaa?"),
        Turn("caller_f", "Tammikuun alussa. Hain paikkaa marraskuussa, mutta päätöstä ei ole tullut."),
        Turn("agent", "Hakemus on käsittelyssä. Päätös tulee viimeistään kuukautta ennen hoidon alkua."),
        Turn("caller_f", "Lupasitte siis päätöksen ennen joulua?"),
        Turn("agent", "Kyllä, ennen joulua se tulee."),
    ],
    "tyonhaku": [
        Turn("agent_m", "Työnhakijan neuvonta, hyvää päivää. Puhelut tallennetaan palvelun laadun kehittämiseksi."),
        Turn("caller", "Päivää, Eero Esimerkkilä. Työni päättyy kuun lopussa. Milloin ilmoittaudun työnhakijaksi?"),
        Turn("agent_m", "Viimeistään ensimmäisenä työttömyyspäivänä, verkossa."),
        Turn("caller", "Entä jos opiskelen iltaisin?"),
        Turn("agent_m", "Kerro siitä ilmoituksessa. Selvitämme, ovatko opinnot sivutoimisia."),
        Turn("caller", "Selvä, kiitos avusta."),
    ],
    "naapuri": [
        Turn("agent", "Asiakaspalvelu, hei. Puhelu tallennetaan."),
        Turn("caller", "Hei. Soitan laskusta, joka tuli väärään osoitteeseen."),
        Turn("agent", "Katsotaan. Kenen nimellä lasku on?"),
        Turn("caller", "Siinä lukee Keksilän perhe, Mantteli Keksilä. He asuvat meidän naapurissa.", third_party=True),
        Turn("agent", "Kiitos. Korjaan osoitteen. Oman laskusi saat ensi viikolla."),
        Turn("caller", "Hyvä. Näkemiin."),
    ],
}
SHORT = [
    Turn("agent", "Ajanvaraus, hei."),
    Turn("caller", "Hei, aika lapselle, kiitos."),
    Turn("agent", "Sopiiko huomenna?"),
]


def said(turn: Turn) -> Samples:
    """One turn as telephone speech: 8 kHz, 300 to 3 400 Hz."""
    voice, pitch = VOICES[turn.who]
    speak = ["espeak-ng", "-v", voice, "-p", pitch, "-s", "160", "--stdout", turn.text]
    wave = subprocess.run(speak, stdout=subprocess.PIPE, check=True).stdout
    # espeak streams a false length; -D turns dither off, so that bytes repeat
    to_raw = ["sox", "-D", "-t", "wav", "--ignore-length", "-", "-r", str(RATE), "-c", "1", "-b", "16", "-e", "signed"]
    to_raw += ["-t", "raw", "-", "sinc", "300-3400"]
    raw = subprocess.run(to_raw, input=wave, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    return numpy.frombuffer(raw, "<i2")


def mixed(turns: list[Turn], seed: int) -> tuple[Samples, list[dict[str, int]]]:
    """Caller left, agent right, a little echo and noise; and where each turn lies, in frames."""
    parts = [said(turn) for turn in turns]
    gap = int(GAP_SECONDS * RATE)
    total = sum(len(part) + gap for part in parts) + gap
    sound, at, truth = numpy.zeros((total, 2)), gap, []
    for turn, part in zip(turns, parts, strict=True):
        own = 0 if turn.who.startswith("caller") else 1
        sound[at : at + len(part), own] += 0.6 * part
        sound[at : at + len(part), 1 - own] += ECHO * part
        truth.append({"channel": own, "start": at, "stop": at + len(part), "third_party": turn.third_party})
        at += len(part) + gap
    sound += numpy.random.default_rng(seed).normal(0, 8, sound.shape)
    return numpy.clip(sound, -32767, 32767).astype(numpy.int16), truth


def sox(raw: Path, target: Path, *options: str, effects: tuple[str, ...] = ()) -> None:
    """Encode stereo raw sound with sox, which does not shorten an MP3 file that is there already."""
    target.unlink(missing_ok=True)
    head = ["sox", "-D", "-t", "raw", "-r", str(RATE), "-c", "2", "-b", "16", "-e", "signed", str(raw)]
    subprocess.run([*head, *options, str(target), *effects], check=True)


def opus(raw: Path, target: Path, kilobits: int) -> None:
    """Encode stereo raw sound as Ogg Opus, which sox cannot write; a fixed serial keeps the bytes equal."""
    head = ["opusenc", "--quiet", "--raw", "--raw-rate", str(RATE), "--raw-chan", "2", "--serial", "1"]
    subprocess.run([*head, "--bitrate", str(kilobits), str(raw), str(target)], check=True)


def write_tests(folder: Path, raw: Path) -> None:
    """One short call in every accepted form, and the forms that are refused."""
    sound, truth = mixed(SHORT, seed=8)
    raw.write_bytes(sound.tobytes())
    sox(raw, folder / "alaw.wav", "-e", "a-law")
    sox(raw, folder / "ulaw.wav", "-e", "u-law", effects=("trim", "0", "2"))
    sox(raw, folder / "pcm.wav", "-e", "signed", "-b", "16", effects=("trim", "0", "2"))
    sox(raw, folder / "gsm49.wav", "-c", "1", "-e", "gsm-full-rate", effects=("remix", "-"))
    sox(raw, folder / "call.mp3", "-C", "32")
    sox(raw, folder / "call.flac", effects=("trim", "0", "3"))
    opus(raw, folder / "call.opus", 24)
    shutil.copy(folder / "gsm49.wav", folder / "truncated.wav")
    with (folder / "truncated.wav").open("r+b") as file:
        file.truncate(2500)
    (folder / "empty.wav").write_bytes(b"")
    (folder / "html.wav").write_text(HTML, encoding="utf-8")
    truth_file = {"samplerate": RATE, "channels": 2, "frames": len(sound), "turns": truth}
    (folder / "truth.json").write_text(json.dumps(truth_file, indent=1) + "\n", encoding="utf-8")


HTML = "<!doctype html>\n<html lang=fi><title>Kirjaudu</title><p>Istuntosi on vanhentunut.</p></html>\n"


def write_demo(folder: Path, raw: Path) -> None:
    """The four dialogues, each in the form that keeps it small."""
    for seed, (name, turns) in enumerate(DIALOGUES.items()):
        sound, truth = mixed(turns, seed)
        raw.write_bytes(sound.tobytes())
        if name == "tyonhaku":
            sox(raw, folder / f"{name}.wav", "-c", "1", "-e", "gsm-full-rate", effects=("remix", "-"))
        elif name == "naapuri":
            sox(raw, folder / f"{name}.mp3", "-C", "32")
        else:
            opus(raw, folder / f"{name}.opus", 24)
        truth_file = {"samplerate": RATE, "frames": len(sound), "turns": truth}
        (folder / f"{name}.json").write_text(json.dumps(truth_file) + "\n", encoding="utf-8")


def main() -> int:
    """Write both sets; 1 when a program is missing."""
    missing = [program for program in ("espeak-ng", "sox", "opusenc") if shutil.which(program) is None]
    if missing:
        print(f"missing: {', '.join(missing)} (Debian: apt-get install espeak-ng sox libsox-fmt-all opus-tools)")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        for folder, write in ((TESTS, write_tests), (DEMO, write_demo)):
            folder.mkdir(parents=True, exist_ok=True)
            write(folder, Path(scratch) / "call.raw")
            print(f"{folder.relative_to(ROOT)}: {sum(p.stat().st_size for p in folder.iterdir()) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
