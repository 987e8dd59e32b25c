"""Playing by Range: the table of cases, and the headers of the streamed answer."""

from collections.abc import Iterator

import pytest
from flask import Flask, Response, request

from portal.web.ranges import span, stream

SIZE, ETAG = 200_000, "abc"
DATA = bytes(i * 7 % 251 for i in range(SIZE))


def read(start: int, stop: int) -> Iterator[bytes]:
    for at in range(start, stop, 65_536):
        yield DATA[at : min(at + 65_536, stop)]


@pytest.fixture
def client():
    app = Flask(__name__)

    @app.get("/<int:size>")
    def play(size: int) -> Response:
        headers = request.headers
        status, start, stop = span(headers.get("Range"), headers.get("If-Range"), request.method, size, ETAG)
        return stream(read, status, start, stop, size, "audio/flac", request.args.get("name"), ETAG, request.method)

    return app.test_client()


@pytest.mark.parametrize("header", [None, "bytes=abc", "items=0-1", "bytes=5-2", "bytes=-0", "bytes=0-1,5-6"])
def test_no_range_or_one_we_do_not_serve_gives_the_whole_file(client, header: str | None) -> None:
    answer = client.get(f"/{SIZE}", headers={"Range": header} if header else {})
    assert (answer.status_code, answer.data) == (200, DATA)


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-1", 0, 2),
        ("bytes=65530-65545", 65_530, 65_546),
        ("bytes=-10", SIZE - 10, SIZE),
        ("bytes=199990-", 199_990, SIZE),
        ("bytes=199990-999999", 199_990, SIZE),
        ("bytes=0-18446744073709551616", 0, SIZE),
        ("bytes=-999999", 0, SIZE),
    ],
)
def test_one_range_gives_exactly_its_bytes(client, header: str, start: int, stop: int) -> None:
    answer = client.get(f"/{SIZE}", headers={"Range": header})
    assert (answer.status_code, answer.data) == (206, DATA[start:stop])
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert answer.content_length == stop - start


@pytest.mark.parametrize(("size", "header"), [(SIZE, "bytes=200000-"), (0, "bytes=0-0"), (0, "bytes=-5")])
def test_a_range_past_the_end_is_not_satisfiable(client, size: int, header: str) -> None:
    answer = client.get(f"/{size}", headers={"Range": header})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert answer.data == b""


@pytest.mark.parametrize(
    ("if_range", "status"),
    [('"abc"', 206), ('"other"', 200), ('W/"abc"', 200), ("Mon, 02 Mar 2026 05:42:00 GMT", 200)],
)
def test_if_range_wants_the_same_strong_tag(client, if_range: str, status: int) -> None:
    answer = client.get(f"/{SIZE}", headers={"Range": "bytes=0-9", "If-Range": if_range})
    assert answer.status_code == status


@pytest.mark.parametrize("tags", ['"abc"', 'W/"abc"', '"x", "abc"', "*"])
@pytest.mark.parametrize("wanted", [{}, {"Range": "bytes=0-9"}])
def test_nobody_is_told_to_use_a_copy_that_no_cache_may_have(client, tags: str, wanted: dict[str, str]) -> None:
    answer = client.get(f"/{SIZE}", headers={"If-None-Match": tags, **wanted})
    assert answer.status_code == (206 if wanted else 200)
    assert answer.data == (DATA[:10] if wanted else DATA)


@pytest.mark.parametrize("wanted", [{}, {"Range": "bytes=0-9"}])
def test_head_tells_the_whole_length(client, wanted: dict[str, str]) -> None:
    answer = client.head(f"/{SIZE}", headers=wanted)
    assert (answer.status_code, answer.content_length, answer.data) == (200, SIZE, b"")


def test_nothing_is_kept_by_a_cache_or_guessed_by_a_browser(client) -> None:
    answer = client.get(f"/{SIZE}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["ETag"] == '"abc"'


def test_a_download_keeps_its_finnish_name_and_no_quote_escapes(client) -> None:
    answer = client.get(f"/{SIZE}", query_string={"name": 'Äänite "1".mp3'})
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Aanite _1_.mp3\"; filename*=UTF-8''%C3%84%C3%A4nite%20%221%22.mp3"
    )
