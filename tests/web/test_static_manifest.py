"""What a browser loads is what the manifest says: vendored files by hash, our own by budget and by manners.

Nobody may slip a foreign file into static/ or change a vendored one unnoticed (supply chain), pages stay small,
and the design system's Norwegian texts never reach a reader.
"""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
OWN = re.compile(
    r"schema/(?:portability|recording)-\d+\.json|css/\w+\.css|js/\w+\.js|favicon\.svg|vendor/MANIFEST\.json"
)
FILES = json.loads((STATIC / "vendor/MANIFEST.json").read_text())["files"]


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["path"])
def test_a_vendored_file_has_the_bytes_its_manifest_names(entry: dict[str, str]) -> None:
    assert hashlib.sha256((STATIC / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]
    assert all(entry[key] for key in ("package", "version", "licence"))


def test_no_file_lies_in_static_that_nobody_named() -> None:
    found = {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file()}
    foreign = {path for path in found if not OWN.fullmatch(path)}
    assert foreign == {entry["path"] for entry in FILES}


def test_each_vendored_package_brings_its_licence() -> None:
    licences = {entry["package"] for entry in FILES if entry["path"].endswith("LICENSE")}
    assert {"@digdir/designsystemet-css", "@fontsource-variable/source-sans-3", "lucide-static"} <= licences


def test_a_page_loads_at_most_12_kb_of_our_css_and_5_kb_of_script() -> None:
    css = sum(len(gzip.compress((STATIC / "css" / name).read_bytes())) for name in ("kuuluu.css", "staff.css"))
    script = (STATIC / "js/kuuluu.js").stat().st_size
    assert css <= 12 * 1024
    assert script <= 5 * 1024


def test_only_the_staffs_passkey_forms_load_another_2_kb() -> None:
    templates = Path(__file__).parents[2] / "templates"
    loading = {path.name for path in templates.rglob("*.html") if "passkey.js" in path.read_text()}
    assert loading == {"_passkey_button.html", "_new_passkey.html"}
    assert {path.name for path in (STATIC / "js").rglob("*.js")} == {"kuuluu.js", "passkey.js", "review.js"}
    assert (STATIC / "js/passkey.js").stat().st_size <= 2 * 1024


def test_only_the_listening_page_loads_the_waveform_and_9_kb_of_script_with_it() -> None:
    templates = Path(__file__).parents[2] / "templates"
    loading = {path.name for path in templates.rglob("*.html") if "review.js" in path.read_text()}
    assert loading == {"spans.html"}
    assert (STATIC / "js/review.js").stat().st_size <= 9 * 1024
    assert (STATIC / "css/review.css").stat().st_size <= 2 * 1024


@pytest.mark.parametrize(
    "path", ["css/kuuluu.css", "css/staff.css", "css/review.css", "js/kuuluu.js", "js/passkey.js", "js/review.js",
             "icons.svg"]
)  # fmt: skip
def test_our_files_ask_nothing_of_another_host(path: str) -> None:
    text = (STATIC / path).read_text().replace("http://www.w3.org/2000/svg", "")
    assert "http://" not in text
    assert "https://" not in text


def test_the_systems_own_words_are_translated_wherever_we_use_its_component() -> None:
    system = (STATIC / "vendor/designsystemet/index.css").read_text()
    ours = (STATIC / "css/kuuluu.css").read_text()
    worded = set(re.findall(r'(--dsc-[a-z-]+):\s*"[^"\\]*[A-Za-z]{2}[^"]*"', system))
    unused = {name for name in worded if name.startswith("--dsc-suggestion-")}
    for language in ("fi", "sv", "en"):
        block = re.search(rf":lang\({language}\)\{{([^}}]*)\}}", ours)
        assert block, language
        assert worded - unused <= set(re.findall(r"(--dsc-[a-z-]+):", block[1])), language


def test_no_template_uses_the_component_whose_words_are_foreign() -> None:
    templates = Path(__file__).parents[2] / "templates"
    used = [path.name for path in templates.rglob("*.html") if re.search(r"ds-(suggestion|combobox)", path.read_text())]
    assert used == []


def test_every_theme_writes_the_accent_in_light_and_dark() -> None:
    themes = sorted((STATIC / "vendor/themes").glob("*.css"))
    assert [theme.stem for theme in themes] == [
        "espoo",
        "janakkala",
        "pikkujatti",
        "pk_terveys",
        "te_kaakkois_suomi",
    ]
    for theme in themes:
        text = theme.read_text()
        assert text.count("--ds-color-accent-base-default:") >= 2
        assert "prefers-color-scheme: dark" in text


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["espoo", "janakkala", "pikkujatti", "pk_terveys", "te_kaakkois_suomi"])
def test_a_themes_accent_is_readable_as_a_button_and_as_a_link(theme: str) -> None:
    text = (STATIC / f"vendor/themes/{theme}.css").read_text()

    def colour(role: str) -> float:
        found = re.search(rf"--ds-color-{role}: (#[0-9a-f]{{6}});", text)
        assert found, role
        return _luminance(found[1])

    paper = colour("neutral-background-default")
    on_button = sorted((colour("accent-base-default"), colour("accent-base-contrast-default")))
    assert (on_button[1] + 0.05) / (on_button[0] + 0.05) >= 4.5
    assert (paper + 0.05) / (colour("accent-text-subtle") + 0.05) >= 4.5
