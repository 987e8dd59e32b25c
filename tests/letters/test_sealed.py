"""Nothing outside the sealed set of assets can enter a letter: neither file nor network nor data URL."""

import importlib.metadata

import pytest
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from portal.adapters.letters.weasy import SealedFetcher

ADDRESSES = [
    "file:///etc/passwd",
    "http://127.0.0.1:9/x",
    "https://127.0.0.1:9/x",
    "ftp://127.0.0.1:9/x",
    "data:text/css,p{color:red}",
    "data:image/png;base64,iVBORw0KGgo=",
    "asset:other.woff2",
    "asset:../../etc/passwd",
    "/etc/passwd",
]
PLACES = [
    '<img src="{}" alt="x">',
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    "<style>p {{ background: url('{}') }}</style><p>x</p>",
    "<style>@import url('{}');</style>",
    "<style>@font-face {{ font-family: x; src: url('{}') }} p {{ font-family: x }}</style><p>x</p>",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_outside_the_set_stops_the_rendering(address: str, place: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        HTML(string=place.format(address), url_fetcher=SealedFetcher({}), base_url="asset:").write_pdf()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_style_sheet_is_sealed_too(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        CSS(
            string=f"@import url('{address}');",
            url_fetcher=SealedFetcher({}),
            base_url="asset:",
            font_config=FontConfiguration(),
        )


def test_an_asset_of_the_set_is_served() -> None:
    served = SealedFetcher({"a.woff2": b"font"}).fetch("asset:a.woff2")
    assert served.headers["Content-Type"] == "font/woff2"


def test_the_renderer_is_new_enough_to_obey_the_fetcher_everywhere() -> None:
    assert int(importlib.metadata.version("weasyprint").split(".")[0]) >= 70
