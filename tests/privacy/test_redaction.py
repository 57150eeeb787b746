"""The one function that takes keys and signed queries out of a text."""

from __future__ import annotations

import base64
import html
import json
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

import markupsafe
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.privacy import redaction
from nanobanana_nb.privacy.redaction import keep_secret, public_url, redacted

USUAL = "ak_" + "hush" * 8
ODD = "s3cr3t/with+odd=\"chars'&\\%<é>"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Let no test know the secrets of another."""
    before = list(redaction._FORMS)
    redaction._FORMS.clear()
    yield
    redaction._FORMS[:] = before


def test_key_of_the_usual_shape_is_taken_out_unseen() -> None:
    """A key that was never registered goes too, wherever letters touch it."""
    text = f"key={USUAL}, \\n{USUAL} Bearer%20{USUAL}"
    assert redacted(text) == "key=[key], \\n[key] Bearer%20[key]"
    assert redacted("ak_short and task_42") == "ak_short and task_42"


@pytest.mark.parametrize(
    "spelled",
    [
        str,
        repr,
        quote,
        quote_plus,
        json.dumps,
        lambda key: quote(key, safe=""),
        lambda key: quote(key, safe="").lower(),
        lambda key: base64.b64encode(key.encode()).decode(),
        lambda key: base64.urlsafe_b64encode(key.encode()).decode(),
    ],
)
def test_registered_key_goes_in_every_spelling(spelled: object) -> None:
    """As it is, quoted, percent-encoded, JSON-escaped or in base64: the key is not there."""
    assert callable(spelled)
    key = "s3cr3t/with+odd=&\\%x"
    text = spelled(key)
    assert redacted(f"before {text} after") == f"before {text} after"
    keep_secret(key)
    clean = redacted(f"before {text} after")
    assert clean.startswith("before ")
    assert clean.endswith(" after")
    assert "[key]" in clean
    assert "s3cr3t" not in clean
    assert len(clean) < len("before '[key]===' after")


@pytest.mark.parametrize("escaped", [html.escape, markupsafe.escape])
def test_key_goes_from_html_however_its_quotes_are_escaped(escaped: Callable[[str], str]) -> None:
    """Both ways to write quotes in HTML, by name and by number, are known."""
    assert html.escape(ODD) != markupsafe.escape(ODD)
    keep_secret(ODD)
    assert redacted(f"<p>{escaped(ODD)}</p>") == "<p>[key]</p>"


def test_short_secrets_are_not_taken_out() -> None:
    """A secret of a few letters would tear holes into every text."""
    keep_secret("a cat")
    keep_secret("")
    assert redacted("a cat in the hat") == "a cat in the hat"


def test_longest_secret_goes_first() -> None:
    """A key that begins like another leaves nothing of itself behind."""
    keep_secret("12345678")
    keep_secret("12345678-rest")
    assert redacted("12345678-rest 12345678") == "[key] [key]"


URLS = {
    "https://a.test/b.png": "https://a.test/b.png",
    "https://a.test/b.png?X-Signature=psst": "https://a.test/b.png?…",
    "see https://a.test/b?sig=psst.": "see https://a.test/b?….",
    "Is it https://a.test/b?": "Is it https://a.test/b?",
    "'https://a.test/b?sig=psst' failed": "'https://a.test/b?…' failed",
    "[b](https://a.test/b?sig=psst) and": "[b](https://a.test/b?…) and",
    '<a href="https://a.test/b?sig=psst">b</a>': '<a href="https://a.test/b?…">b</a>',
    "`https://a.test/b?sig=psst`": "`https://a.test/b?…`",
    "https://me:psst@a.test:8/b": "https://…@a.test:8/b",
    "https://me:p@psst@a.test": "https://…@a.test",
    "https://a.test/b#token=psst": "https://a.test/b#…",
    "https://a.test?sig=psst&amp;x=1 b": "https://a.test?… b",
    "HTTPS://A.test/b?SIG=psst": "HTTPS://A.test/b?…",
    "http://[::1]:80/b?sig=psst": "http://[::1]:80/b?…",
    "https://p.test/https://a.test/b?sig=psst": "https://p.test/https://a.test/b?…",
    "https://p.test/?to=https://a.test/&sig=psst": "https://p.test/?…",
    "https://a.test/1,https://me:psst@b.test/2": "https://a.test/1,https://…@b.test/2",
    r'{"u": "https:\/\/a.test\/b?sig=psst"}': r'{"u": "https:\/\/a.test\/b?…"}',
    "https%3A%2F%2Fme%3Apsst%40a.test%2Fb%3Fsig%3Dpsst": "https%3A%2F%2F…@a.test%2Fb?…",
    "GET /b.png?X-Signature=psst HTTP/1.1": "GET /b.png?… HTTP/1.1",
    "s3://bucket/b.png?sig=psst": "s3://bucket/b.png?…",
    r"C:\pictures\b.png": r"C:\pictures\b.png",
    r"\\?\C:\pictures": r"\\?\C:\pictures",
    "Why? Because a?b": "Why? Because a?b",
}


@pytest.mark.parametrize("text", URLS)
def test_urls_keep_what_may_be_read(text: str) -> None:
    """Host and path stay; user info, query and fragment leave a mark; other text stays."""
    assert redacted(text) == URLS[text]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ('https://a.test/b c"<d>`.png?sig=psst', 'https://a.test/b c"<d>`.png?…'),
        ('https://a.test/b?x=1 sig=psst\n"<psst>', "https://a.test/b?…"),
        ("/b.png?sig=psst", "/b.png?…"),
        (f"https://a.test/{USUAL}/b", "https://a.test/[key]/b"),
        ("https://a.test/ü.png", "https://a.test/ü.png"),
    ],
)
def test_whole_url_is_cut_whatever_stands_in_it(url: str, shown: str) -> None:
    """Spaces and quotes in what is known to be one URL do not let its query through."""
    assert public_url(url) == shown


URL_PIECES = (
    "https://",
    "http:\\/\\/",
    "https%3a%2f%2f",
    "a.test",
    "/b",
    "?",
    "x=1",
    "&",
    "#",
    "@",
)
TEXT_PIECES = ("%40", "%3f", ".", ")", "'", '"', "<", " ", "\n", "…", "[key]", "ak_", "hush" * 8)
PIECES = st.sampled_from((*URL_PIECES, *TEXT_PIECES, ODD, USUAL))


@given(st.lists(PIECES, max_size=12).map("".join) | st.text())
def test_what_is_redacted_stays_as_it_is(text: str) -> None:
    """Redacting twice is redacting once, and no key is left."""
    keep_secret(ODD)
    once = redacted(text)
    assert redacted(once) == once
    assert USUAL not in once
    assert ODD not in once


HARD = {
    "schemes": "http://" * 2_900,
    "question marks": "https://a" + "?" * 20_000 + "x",
    "queries": "/?a=" * 5_000,
    "starts of keys": "ak_" * 7_000,
    "at signs": "https://" + "@%40" * 5_000,
    "a long host": "https://" + "h" * 20_000,
    "escapes": "https%3a%2f%2f" * 1_500,
    "words": "a word or two " * 1_500,
}


@pytest.mark.parametrize("kind", HARD)
def test_long_texts_take_no_longer_than_they_are_long(kind: str) -> None:
    """Twenty kilobytes of the worst kind take at most a few times what a tenth of them takes."""
    text = HARD[kind]
    assert _fastest(text) < 60 * _fastest(text[: len(text) // 10]) + 0.02


def _fastest(text: str) -> float:
    def once() -> float:
        start = time.perf_counter()
        redacted(text)
        public_url(text)
        return time.perf_counter() - start

    return min(once() for _ in range(3))


@pytest.mark.parametrize("mark", [";", "%3b", "%3B", ";v=1?", "?a=1;", "#x;"])
def test_parameters_of_a_path_are_cut_like_a_query(mark: str) -> None:
    """What follows a semicolon may be a signature; one that ends a clause stays."""
    url = f"https://a.example/b.png{mark}sig=psst"
    for shown in (redacted(f"see {url}; then"), public_url(url), redacted(url)):
        assert "psst" not in shown
        assert "https://a.example/b.png" in shown
    assert redacted("see https://a.example/b; then") == "see https://a.example/b; then"
