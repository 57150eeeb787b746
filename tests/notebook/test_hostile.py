"""Text that somebody else wrote stays text in every output."""

from __future__ import annotations

import pytest

from nanobanana_nb.notebook import live

from .bench import Bench, Page
from .conftest import Service

SCRIPT = "</small></div><script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE = [
    SCRIPT,
    """"' onmouseover='alert(1)' x="alert(1)" `alert(1)` &lt;b&gt; <!-- alert(1) -->""",
    "\u202egpj.alert(1)\u202c \u2066x\u2069 \u200f alert(1)",
    "alert(1) word " * 1500,
    "alert(1) \x00\x07\x1b[31m red \x1b]8;;https://x.example\x07link",
    "[x](javascript:alert(1)) $\\href{javascript:alert(1)}{x}$ **b** alert(1)",
]
LITE = "-m nano-banana-2-lite"


def pages(bench: Bench, *cells: str) -> str:
    """Run the cells, read all their HTML as a browser would, and return its text."""
    found = []
    for cell in cells:
        found += [Page(html).text for html in bench.run(cell).all("text/html")]
    assert found, "nothing was shown"
    return " ".join(found)


@pytest.fixture
def hostile_bench(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A kernel that shows the status of every task, however short it is."""
    monkeypatch.setenv("NANOBANANA_STATUS", "html")
    monkeypatch.setattr(live, "FIRST_S", 0)
    monkeypatch.setattr(live, "EVERY_S", 0)
    bench.like_a_kernel()
    return bench


@pytest.mark.parametrize("text", HOSTILE)
def test_prompt_and_value_stay_text(hostile_bench: Bench, text: str) -> None:
    """Status, result, bill, history and one image: nothing of a prompt becomes markup."""
    hostile_bench.names["value"] = text
    shown = pages(
        hostile_bench,
        "%%nanobanana --dry-run\n{value}",
        f"%%nanobanana {LITE} -o grid\n{{value}}",
        "grid",
        "%nanobanana history",
        "%nanobanana show 1",
    )
    assert "alert(1)" in shown


@pytest.mark.parametrize("text", HOSTILE[:3])
def test_axis_and_fields_stay_text(hostile_bench: Bench, text: str) -> None:
    """Headings, parameters, models and the names of images are text too."""
    hostile_bench.names["value"] = [text, "a cat"]
    hostile_bench.names["link"] = f"https://x.example/{text.replace(' ', '')[:60]}"
    shown = pages(
        hostile_bench,
        "%%nanobanana --dry-run\n{value}",
        f"%%nanobanana {LITE} -o grid -n 2\n[fail] {{value}}",
        "grid",
    )
    assert "alert(1)" in shown
    pages(hostile_bench, f"%%nanobanana -i link --set 'a={SCRIPT}' -m '{SCRIPT}' -o g\nx", "g")


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_the_service_stay_text(hostile_bench: Bench, service: Service, text: str) -> None:
    """A refusal's message is shown and never becomes markup, also in the history."""
    service.fault(on="create", status=422, message=text)
    ran = hostile_bench.run("%%nanobanana -o grid\nA cat")
    assert ran.short
    assert "alert(1)" in ran.told
    assert "alert(1)" in pages(hostile_bench, "grid", "%nanobanana show 1", "%nanobanana history")


def test_words_of_the_service_in_reports_stay_text(bench: Bench, service: Service) -> None:
    """The bill and the doctor show what the service said, as text."""
    service.fault(on="estimate", status=505, message=SCRIPT, times=None)
    service.fault(on="balance", status=505, message=SCRIPT, times=None)
    assert "alert(1)" in pages(bench, "%nanobanana doctor")
    assert "alert(1)" in pages(bench, "%%nanobanana --dry-run\nA cat")


def test_settings_stay_text(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting's value is shown and never becomes markup."""
    monkeypatch.setenv("NANOBANANA_MODEL", SCRIPT)
    assert "alert(1)" in pages(bench, "%nanobanana config")


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f"])
def test_direction_of_a_prompt_ends_with_it(hostile_bench: Bench, mark: str) -> None:
    """Text that turns its direction stands in an element that isolates it."""
    ran = hostile_bench.run(f"%%nanobanana -o grid\n{mark}tac a [fail]")
    html = [text for text in ran.all("text/html") if "tac a" in text]
    assert html
    for text in html:
        before = text.partition("tac a")[0]
        inside = before.count("<bdi") - before.count("</bdi>")
        assert inside == 1 or before.rpartition("<")[2].count('"') % 2 == 1
