"""Collect the vendored assets into static/ and write their manifest.

Why: the running product never needs npm, so what a browser loads is committed; the manifest says of each
file where it came from, under which licence, and which bytes it had when it was taken.

Called by tools/build_css.sh with two arguments: the folder with node_modules and build/themes, and static/.
"""

import hashlib
import json
import re
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent
CSS = "@digdir/designsystemet-css"
THEMES = "@digdir/designsystemet"
SCREEN_FONT = "@fontsource-variable/source-sans-3"
LETTER_FONT = "@fontsource/source-sans-3"
ICONS = "lucide-static"
WAVES = "wavesurfer.js"
LICENCES = {
    CSS: "MIT",
    THEMES: "MIT",
    SCREEN_FONT: "OFL-1.1",
    LETTER_FONT: "OFL-1.1",
    ICONS: "ISC AND MIT",
    WAVES: "BSD-3-Clause",
}
COPIES = [
    (CSS, "dist/src/index.css", "vendor/designsystemet/index.css"),
    (CSS, "LICENSE", "vendor/designsystemet/LICENSE"),
    (ICONS, "LICENSE", "vendor/lucide/LICENSE"),
    (WAVES, "LICENSE", "vendor/wavesurfer/LICENSE"),
    (WAVES, "dist/wavesurfer.esm.js", "vendor/wavesurfer/wavesurfer.esm.js"),
    (WAVES, "dist/plugins/regions.esm.js", "vendor/wavesurfer/regions.esm.js"),
    (SCREEN_FONT, "LICENSE", "fonts/LICENSE"),
    (SCREEN_FONT, "files/source-sans-3-latin-wght-normal.woff2", "fonts/source-sans-3-latin-wght-normal.woff2"),
    (SCREEN_FONT, "files/source-sans-3-latin-ext-wght-normal.woff2", "fonts/source-sans-3-latin-ext-wght-normal.woff2"),
    *(
        (LETTER_FONT, f"files/source-sans-3-{cut}-normal.woff2", f"fonts/source-sans-3-{cut}-normal.woff2")
        for cut in ("latin-400", "latin-700", "latin-ext-400", "latin-ext-700")
    ),
]


@dataclass(frozen=True)
class Entry:
    """One vendored file as the manifest names it; `path` is relative to static/."""

    path: str
    package: str
    version: str
    licence: str
    sha256: str


def version_of(package: str, modules: Path) -> str:
    """Return the installed version of an npm package."""
    version: str = json.loads((modules / package / "package.json").read_text())["version"]
    return version


def sprite(modules: Path) -> str:
    """Return one SVG of symbols: the icons that icons.txt names, and our own drawings."""
    symbols = []
    for name in (HERE / "icons.txt").read_text().split():
        svg = (modules / ICONS / "icons" / f"{name}.svg").read_text()
        inside = re.sub(r"\s+", " ", svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>')
    own = re.findall(r"<symbol.*?</symbol>", (HERE / "own-symbols.svg").read_text(), flags=re.S)
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols + own) + "\n</svg>\n"


def collect(work: Path, static: Path) -> None:
    """Copy every vendored file from `work` into `static` and write vendor/MANIFEST.json."""
    modules = work / "node_modules"
    made: list[tuple[str, str]] = []
    for package, source, target in COPIES:
        (static / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / package / source, static / target)
        made.append((target, package))
    (static / "vendor/themes").mkdir(parents=True, exist_ok=True)
    for theme in sorted((work / "build/themes").glob("*.css")):
        target = f"vendor/themes/{theme.stem.replace('-', '_')}.css"
        css = theme.read_text().replace("--ds-font-family: Kuuluu Sans;", '--ds-font-family: "Kuuluu Sans";')
        (static / target).write_text(css)
        made.append((target, THEMES))
    (static / "icons.svg").write_text(sprite(modules))
    made.append(("icons.svg", ICONS))
    entries = [
        Entry(
            path,
            package,
            version_of(package, modules),
            LICENCES[package],
            hashlib.sha256((static / path).read_bytes()).hexdigest(),
        )
        for path, package in sorted(made)
    ]
    manifest = {"files": [asdict(entry) for entry in entries]}
    (static / "vendor/MANIFEST.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    collect(Path(sys.argv[1]), Path(sys.argv[2]))
