"""Playing encrypted recordings by Range (RFC 9110 §14): arithmetic and the streamed answer.

Werkzeug's send_file serves ranges of files and BytesIO only, not of a stream that decrypts as it goes.
"""

import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import quote

from flask import Response
from werkzeug.http import parse_range_header


def span(
    range_header: str | None,
    if_range: str | None,
    method: str,
    size: int,
    etag: str,
) -> tuple[int, int, int]:
    """(status, start, stop) for a resource of `size` bytes whose strong entity tag is `etag`, unquoted.

    Nothing is "not modified": what no cache may keep is sent anew. Bad syntax, other units and several ranges fall back
    to the whole file, as RFC 9110 allows.
    """
    wanted = parse_range_header(range_header) if method == "GET" else None
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return 200, 0, size
    if if_range not in (None, f'"{etag}"'):
        return 200, 0, size
    start, stop = wanted.ranges[0]  # stop is exclusive or None; a suffix has start < 0
    start = max(size + start, 0) if start < 0 else start
    if start >= size:
        return 416, 0, 0
    return 206, start, min(stop or size, size)


def stream(
    read: Callable[[int, int], Iterator[bytes]],
    status: int,
    start: int,
    stop: int,
    size: int,
    mimetype: str,
    download_name: str | None,
    etag: str,
    method: str,
) -> Response:
    """The answer to `span`: bytes [start, stop) as `read` yields them, never kept by any cache.

    With `download_name` the browser saves the file, without it plays it. A 416 has no body.
    """
    has_body = status in (200, 206)
    response = Response(read(start, stop) if has_body and method != "HEAD" else iter(()), status, mimetype=mimetype)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Accept-Ranges"] = "bytes"
    response.set_etag(etag)
    if has_body:
        response.headers["Content-Length"] = str(stop - start)
        response.headers["Content-Disposition"] = _disposition(download_name)
    if status == 206:
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    if status == 416:
        response.headers["Content-Range"] = f"bytes */{size}"
    return response


def _disposition(name: str | None) -> str:
    """RFC 6266: a plain name for old browsers, the real one in RFC 5987's form."""
    if name is None:
        return "inline"
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    plain = "".join(sign if sign.isalnum() or sign in " ._-" else "_" for sign in ascii_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
