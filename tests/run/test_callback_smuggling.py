"""Requests that two readers could take for two: refused, or taken as one, and never as another.

A tunnel stands before the receiver. Where both disagree about the end of a request, the rest of it
is a request of the sender's own to one of them.
"""

from __future__ import annotations

import asyncio

import pytest

from nanobanana_nb.run.callback_request import HEAD_BYTES
from tests.run.caller import ID, post, receiving, request, say, status

pytestmark = pytest.mark.filterwarnings(
    "error::ResourceWarning", "error::pytest.PytestUnraisableExceptionWarning"
)

CHUNKS = b"11\r\n" + ID + b"\r\n0\r\n\r\n"
LENGTH = "Content-Length: 17"
CHUNKED = "Transfer-Encoding: chunked"

LENGTHS = [
    [LENGTH, "Content-Length: 0"],
    ["Content-Length: 0", LENGTH],
    [LENGTH, LENGTH],
    [LENGTH, "X-Between: 1", "content-length:17"],
    ["Content-Length: 17, 17"],
    ["Content-Length: 17, 0"],
    ["Content-Length: 17,"],
    ["Content-Length: +17"],
    ["Content-Length: -0"],
    ["Content-Length: 0x11"],
    ["Content-Length: 1_7"],
    ["Content-Length: 17.0"],
    ["Content-Length: 1 7"],
    ["Content-Length: \xb2"],
    ["Content-Length:"],
    ["Content-Length : 17"],
    ["Content-Length\t: 17"],
    [f"Content-Length: {'0' * 30}17"],
]

BOTH = [
    [LENGTH, CHUNKED],
    [CHUNKED, LENGTH],
    ["Content-Length: 0", CHUNKED],
    [LENGTH, "X-Between: 1", "TRANSFER-ENCODING: CHUNKED"],
    [LENGTH, "Transfer-Encoding: identity"],
    [LENGTH, "Transfer-Encoding:"],
]

CODINGS = [
    ["Transfer-Encoding : chunked"],
    ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
    ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
    ["Transfer-Encoding: chunked, chunked"],
    ["Transfer-Encoding: gzip, chunked"],
    ["Transfer-Encoding: chunked, identity"],
    ["Transfer-Encoding:\n chunked"],
    ["Transfer-Encoding:\r\n chunked"],
    ["Transfer-Encoding:\x0bchunked"],
    ["Transfer-Encoding: \x00chunked"],
]

LINES = [
    ["X-Folded: a\r\n b", LENGTH],
    ["X-Folded: a\r\n\tContent-Length: 0", LENGTH],
    [" X-First: a", LENGTH],
    [LENGTH + "\nX-After: a"],
    ["X-Before: a\n" + LENGTH],
    ["X-Before: a\r" + LENGTH],
    ["X-Nul: a\x00b", LENGTH],
    ["X-Nul\x00: a", LENGTH],
    ["X-Return: a\rb", LENGTH],
    ["no colon", LENGTH],
    [": no name", LENGTH],
    ["a name: b", LENGTH],
    ["n\xe4me: b", LENGTH],
    ["Host: another", LENGTH],
]


def _refusal(*headers: str, body: bytes = ID, more: bytes = b"") -> int:
    """The status for a request to the right path that must wake nobody; the receiver goes on."""

    async def run() -> bytes:
        async with receiving() as (receiver, woken):
            data = request(receiver.path, body, "POST", *headers) + more
            answer = await say(receiver, data, hang_up=True)
            assert woken == []
            assert await post(receiver, "next") == 200
            assert woken == ["next"]
        return answer

    return status(asyncio.run(run()))


@pytest.mark.parametrize("headers", LENGTHS, ids=repr)
def test_length_is_one_plain_number(headers: list[str]) -> None:
    """Two lengths, also two that agree, and any other way to write one are refused."""
    assert _refusal(*headers) == 400


@pytest.mark.parametrize("body", [ID, CHUNKS], ids=["plain", "chunked"])
@pytest.mark.parametrize("headers", BOTH, ids=repr)
def test_length_beside_a_coding_is_refused(headers: list[str], body: bytes) -> None:
    """Whichever of both the sender followed, and whichever comes first."""
    assert _refusal(*headers, body=body) == 400


@pytest.mark.parametrize("headers", CODINGS, ids=repr)
def test_only_plain_chunks_are_taken(headers: list[str]) -> None:
    """Every other coding, and every other way to write this one, is refused."""
    assert _refusal(*headers, body=CHUNKS) == 400


@pytest.mark.parametrize("coding", ["gzip", "identity", "xchunked", "chunked;a=b", '"chunked"'])
def test_coding_that_is_not_known_is_told(coding: str) -> None:
    """One other coding alone leaves no doubt, and the answer says that it is not had."""
    assert _refusal(f"Transfer-Encoding: {coding}", body=CHUNKS) == 501


@pytest.mark.parametrize("headers", LINES, ids=repr)
def test_line_that_is_no_header_is_refused(headers: list[str]) -> None:
    """Folded lines, bare ends of lines, control characters, and names that are none."""
    assert _refusal(*headers) == 400


@pytest.mark.parametrize(
    "body",
    [
        b"11\n" + ID + b"\r\n0\r\n\r\n",
        b"11;\n" + ID + b"\r\n0\r\n\r\n",
        b"11\r\n" + ID + b"XX0\r\n\r\n",
        b"11\r\n" + ID + b"\n0\r\n\r\n",
        b"0x11\r\n" + ID + b"\r\n0\r\n\r\n",
        b"+11\r\n" + ID + b"\r\n0\r\n\r\n",
        b"1_1\r\n" + ID + b"\r\n0\r\n\r\n",
        b" 11\r\n" + ID + b"\r\n0\r\n\r\n",
        b"\r\n" + ID + b"\r\n0\r\n\r\n",
        b"11\r\n" + ID + b"\r\n-0\r\n\r\n",
        b"11\r\n" + ID + b"\r\n\r\n",
        b"11\r\n" + ID + b"\r\n0\r\nno colon\r\n\r\n",
        b"11\r\n" + ID + b"\r\n0\r\nX-Nul: \0\r\n\r\n",
        b"0" * 21 + b"11\r\n" + ID + b"\r\n0\r\n\r\n",
    ],
)
def test_chunk_is_written_plainly(body: bytes) -> None:
    """A size in hexadecimal digits alone, and exactly so many bytes before the end of the line."""
    assert _refusal(CHUNKED, body=body) == 400


def test_trailer_is_bounded() -> None:
    """Lines after the last chunk are as many as a head may have."""
    trailer = b"".join(b"X-%d: 1\r\n" % n for n in range(10_000))
    assert _refusal(CHUNKED, body=CHUNKS[:-2] + trailer + b"\r\n") == 431


def _answer(data: bytes) -> tuple[bytes, list[str]]:
    """All that comes back for these bytes, with the secret path at PATH, and who was woken."""

    async def run() -> tuple[bytes, list[str]]:
        async with receiving() as (receiver, woken):
            path = receiver.path.encode()
            answer = await say(receiver, data.replace(b"PATH", path), hang_up=True)
            before = list(woken)
            assert await post(receiver, "next") == 200
        return answer, before

    return asyncio.run(run())


@pytest.mark.parametrize(
    "first",
    [
        *(b"POST PATH HTTP/%s" % v for v in (b"2.0", b"0.9", b"1", b"1.10", b"1.1 ", b"x.1")),
        *(b"POST%sPATH%sHTTP/1.1" % (s, s) for s in (b"  ", b"\t", b"\x0b", b"\0", b"\r")),
        *(b"POST PATH", b"POST  HTTP/1.1", b" POST PATH HTTP/1.1", b"\r\nPOST PATH HTTP/1.1"),
        *(b"POST / PATH HTTP/1.1", b"POST /\x7fPATH HTTP/1.1", b"PO(ST PATH HTTP/1.1"),
        *(b"POST PATH http/1.1", b"POST PATH HTTP/1.1\nX: 1", b""),
    ],
)
def test_first_line_has_three_plain_words(first: bytes) -> None:
    """A line with other blanks, control characters or another version is refused."""
    answer, woken = _answer(first + b"\r\nHost: x\r\nContent-Length: 17\r\n\r\n" + ID)
    assert (status(answer), woken) == (400, [])


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (b"http://another.example:80PATH", 200),
        (b"HTTPS://me@another.examplePATH", 200),
        (b"//another.examplePATH", 200),
        (b"PATH#PATH", 200),
        (b"http://another.example/", 404),
        (b"another.example:443", 404),
        (b"*", 404),
        (b"PATH#", 404),
        (b"%2FPATH%00", 404),
    ],
)
def test_end_of_the_target_decides(target: bytes, code: int) -> None:
    """In any form, the name of another host included: nothing is passed on to one."""
    head = b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 17\r\n\r\n"
    answer, woken = _answer(head + ID)
    assert (status(answer), woken) == (code, ["t1"] if code == 200 else [])


@pytest.mark.parametrize("method", [b"CONNECT", b"TRACE", b"POST2", b"P\xd6ST", b"x"])
def test_other_methods_open_no_tunnel(method: bytes) -> None:
    """What a proxy would do for a method is not done here."""
    answer, woken = _answer(
        method + b" PATH HTTP/1.1\r\nHost: x\r\nContent-Length: 17\r\n\r\n" + ID
    )
    assert (status(answer), woken) == (405, [])


@pytest.mark.parametrize(
    "head",
    [
        b"Host: x\r\nContent-Length: 17",
        b"HOST: x\r\nCONTENT-LENGTH: 17",
        b"host:x\r\ncontent-length:17",
        b"hOsT: \t x \t \r\ncOnTeNt-LeNgTh: \t 17 \t ",
        b"Host: x\r\nContent-Length: 0017",
        b"Host: x\r\nContent-Length: 17\r\nUpgrade: h2c\r\nConnection: Upgrade, keep-alive",
        b"Host: x\r\nContent-Length: 17\r\nExpect: 100-continue",
        b"Host: x\r\nContent-Length: 17\r\nX-Content-Length: 0\r\nContent-Lengthy: 1",
        b"Host: x\r\nContent_Length: 0\r\nContent-Length: 17",
        b"Host: x\r\nContent-Length: 17\r\nX-Text: Content-Length: 0, Transfer-Encoding: chunked",
        b"Host: x\r\n" + b"a: b\r\n" * 2000 + b"Content-Length: 17",
    ],
)
def test_plain_requests_are_taken(head: bytes) -> None:
    """Names in any case, blanks around values, and headers that only look like the two."""
    answer, woken = _answer(b"POST PATH HTTP/1.1\r\n" + head + b"\r\n\r\n" + ID)
    assert (status(answer), woken) == (200, ["t1"])


@pytest.mark.parametrize("second", [b"Content-Length: 17\r\n\r\n" + ID, b"X-Unfinished: "])
@pytest.mark.parametrize(
    ("header", "body"), [(b"Content-Length: 17", ID), (b"Transfer-Encoding: chunked", CHUNKS)]
)
def test_second_request_is_not_read(header: bytes, body: bytes, second: bytes) -> None:
    """One connection is one request: what follows gets no answer and wakes nobody."""
    begin = b"POST PATH HTTP/1.1\r\nHost: x\r\n"
    answer, woken = _answer(begin + header + b"\r\n\r\n" + body + begin + second)
    assert (status(answer), woken) == (200, ["t1"])
    assert answer.count(b"HTTP/1.1") == 1


def test_refused_request_hides_no_second() -> None:
    """What stands behind a refused head is not read as a request either."""
    hidden = request("PATH", b'{"task_id": "t2"}')
    begin = b"POST PATH HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 17\r\n\r\n"
    answer, woken = _answer(begin + hidden)
    assert (status(answer), woken) == (400, [])
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\n", b"\n\r\n"])
def test_head_needs_its_whole_end(end: bytes) -> None:
    """A head that ends with bare line feeds is refused, or has no end and gets no answer."""
    answer, woken = _answer(b"POST PATH HTTP/1.1\r\nHost: x\r\nContent-Length: 17" + end + ID)
    assert (answer, woken) == (b"", [])
    answer, woken = _answer(
        b"POST PATH HTTP/1.1\r\nHost: x\r\nContent-Length: 17" + end + ID + b"\r\n\r\n"
    )
    assert (status(answer), woken) == (400, [])


def test_many_headers_are_bounded_by_their_bytes() -> None:
    """As many as a head has room for, and not one more."""
    lines = ["a: b"] * (HEAD_BYTES // len("a: b\r\n"))
    assert _refusal(*lines, LENGTH) == 413


@pytest.mark.parametrize(
    ("version", "host", "header", "body", "code"),
    [
        (b"1.1", b"", b"Content-Length: 17", ID, 400),
        (b"1.0", b"", b"Content-Length: 17", ID, 200),
        (b"1.0", b"Host: x\r\n", b"Content-Length: 17", ID, 200),
        (b"1.2", b"Host: x\r\n", b"Content-Length: 17", ID, 200),
        (b"1.0", b"Host: x\r\n", b"Transfer-Encoding: chunked", CHUNKS, 400),
        (b"1.0", b"Host: x\r\n", b"Connection: close", ID, 411),
        (b"1.1", b"Host: x\r\n", b"Connection: close", ID, 411),
    ],
)
def test_version_has_its_rules(
    version: bytes, host: bytes, header: bytes, body: bytes, code: int
) -> None:
    """HTTP/1.1 names its host, HTTP/1.0 has no chunks, and neither ends with the connection."""
    first = b"POST PATH HTTP/" + version + b"\r\n"
    answer, woken = _answer(first + host + header + b"\r\n\r\n" + body)
    assert (status(answer), woken) == (code, ["t1"] if code == 200 else [])
