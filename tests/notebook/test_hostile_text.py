"""Text that somebody else wrote stays text in every output."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from nanobanana_nb.notebook.status import live_view
from nanobanana_nb.notebook.status.forms import WidgetStatus
from nanobanana_nb.simulator import pictures
from nanobanana_nb.simulator.painting import painter
from tests.api.raw_server import Reply, answer, envelope, raw_server
from tests.html_reader import Reader
from tests.notebook.bench import Bench
from tests.notebook.conftest import KEY
from tests.service import Service

SCRIPT = "</small></div><script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE = [
    SCRIPT,
    """"' onmouseover='alert(1)' x="alert(1)" `alert(1)` &lt;b&gt; <!-- alert(1) -->""",
    "\u202egpj.alert(1)\u202c \u2066x\u2069 \u200f alert(1)",
    "alert(1) word " * 1500,
    "alert(1) \x00\x07\x1b[31m red \x1b]8;;https://x.example\x07link",
    "[x](javascript:alert(1)) $\\href{javascript:alert(1)}{x}$ **b** alert(1)",
]
UNSAID = {("doctor", name) for name in ("MODEL", "BASE_URL", "IMAGES_DIR")}  # it shows no such
LITE = "-m nano-banana-2-lite"


def _kind(html: str) -> str:
    """What pictures are: a status that is seen while it runs has others than a result."""
    return "webp" if "image/webp" in html else "jpeg"


def pages(bench: Bench, *cells: str) -> str:
    """Run the cells, read all their HTML as a browser would, and return its text."""
    found = []
    for cell in cells:
        htmls = bench.run(cell).all("text/html")
        found += [Reader(html, pictures=_kind(html)).text for html in htmls]
    assert found, "nothing was shown"
    return " ".join(found)


@pytest.fixture
def hostile_bench(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A kernel that shows the status of every task, however short it is."""
    monkeypatch.setenv("NANOBANANA_STATUS", "html")
    monkeypatch.setattr(live_view, "FIRST_S", 0)
    monkeypatch.setattr(live_view, "EVERY_S", 0)
    bench.like_a_kernel()
    return bench


CONTROLS = HOSTILE[4]  # no prompt may hold them: what a service says may


@pytest.mark.long
@pytest.mark.parametrize("text", [text for text in HOSTILE if text != CONTROLS])
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


def test_control_characters_of_a_prompt_are_told_and_not_obeyed(hostile_bench: Bench) -> None:
    """The error names the first of them by its number."""
    hostile_bench.names["value"] = CONTROLS
    ran = hostile_bench.run("%%nanobanana --dry-run\n{value}")
    assert ran.error is not None
    assert "'\\x00'" in ran.told
    assert all(c.isprintable() for line in ran.traceback for c in line)


@pytest.mark.long
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


SETTINGS = ("MODEL", "PROVIDER", "BASE_URL", "WAIT_S", "STATUS", "HOME", "IMAGES_DIR")


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("command", ["config", "doctor"])
def test_settings_stay_text(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str, command: str
) -> None:
    """A setting's value is shown and never becomes markup, be it of use or not."""
    monkeypatch.setenv(f"NANOBANANA_{name}", SCRIPT)
    shown = pages(bench, f"%nanobanana {command}")
    assert "alert(1)" in shown or (command, name) in UNSAID


@pytest.mark.parametrize("name", SETTINGS)
def test_error_about_a_setting_stays_short(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A cell under a hostile setting shows what it shows, and an error of a line or two."""
    monkeypatch.setenv(f"NANOBANANA_{name}", SCRIPT)
    bench.like_a_kernel()
    ran = bench.run("%%nanobanana -o grid\n[fail]")
    assert ran.short
    for html in ran.all("text/html"):
        Reader(html)


@contextmanager
def _named(monkeypatch: pytest.MonkeyPatch, task_id: str) -> Iterator[None]:
    """A service that calls its task so, says that it is done, and has no image."""
    with raw_server() as raw:
        monkeypatch.setenv("NANOBANANA_PROVIDER", "crun")
        monkeypatch.setenv("NANOBANANA_BASE_URL", raw.url)
        monkeypatch.setenv("CRUN_API_KEY", KEY)
        monkeypatch.setenv("NANOBANANA_WAIT_S", "1")
        link = f"{raw.url}/x/{task_id[:99]}"
        done = {"status": "success", "result": {"media_urls": [link]}}
        for part, data in (("/estimate", {"credits": 1}), ("/balance", {"balance": 9})):
            raw.on(part, Reply((envelope(data),)))
        raw.on("/CreateTask", Reply((envelope({"task_id": task_id[:500]}),)))
        raw.on("/TaskInfo", Reply((envelope(done),)))
        raw.on("/x/", Reply((answer(task_id.encode(), "404 No"),)))
        yield


@pytest.mark.long
@pytest.mark.parametrize("text", HOSTILE)
def test_task_id_and_link_stay_text(
    hostile_bench: Bench, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """The service names its tasks and where their images lie: neither becomes markup."""
    with _named(monkeypatch, text):
        ran = hostile_bench.run("%%nanobanana -o grid\nA cat")
        assert ran.error is not None
        assert ran.short
        assert all(c.isprintable() for line in ran.traceback for c in line)
        assert "alert(1)" in ran.told
        pages(hostile_bench, "grid", "%nanobanana history", "%nanobanana show 1")


@pytest.mark.long
@pytest.mark.parametrize("size", [10_000, 1_000_000])
def test_long_task_id_makes_no_large_notebook(
    hostile_bench: Bench, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """All that a notebook keeps of a task with an absurd name is a few kilobytes."""
    with _named(monkeypatch, "t" * size):
        cells = ("%%nanobanana -o grid\nA cat", "grid", "grid[0]", "%nanobanana history")
        for ran in map(hostile_bench.run, cells):
            assert len(ran.told) < 60_000, len(ran.told)
            assert ran.short


@pytest.mark.long
@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "'\" onload='alert(1)", "\u202ealert(1)"]
)
def test_name_of_a_reference_stays_text(hostile_bench: Bench, folder: Path, name: str) -> None:
    """The name of a file is shown in captions, and in the error where it is no picture."""
    Image.new("RGB", (8, 8), "red").save(folder / "cat.png")
    (folder / "cat.png").rename(folder / name)
    file = shlex.quote(name)
    assert "alert(1)" in pages(
        hostile_bench, f"%%nanobanana {LITE} -i {file} -o grid\nA cat", "grid"
    )
    (folder / name).write_text("no picture")
    ran = hostile_bench.run(f"%%nanobanana {LITE} -i {file}\nA dog")
    assert ran.short
    assert "alert(1)" in ran.told


def test_widget_holds_no_markup_of_others(
    hostile_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a status widget is given, and a notebook keeps of it, is escaped as well."""
    kept: list[str] = []
    monkeypatch.setenv("NANOBANANA_STATUS", "widget")
    monkeypatch.setattr(pictures, "paint", painter.paint)  # in full, so that there is a status
    monkeypatch.setattr(WidgetStatus, "close", lambda self: kept.append(self._widget.value))
    hostile_bench.run(f"%%nanobanana {LITE}\n{SCRIPT}")
    assert kept
    assert "alert(1)" in Reader(kept[-1], pictures="webp").text  # one that is done may be there


TURNS = {"\u202a": 1, "\u202b": 1, "\u202d": 1, "\u202e": 1, "\u202c": -1}
TURNS |= {"\u2066": 1000, "\u2067": 1000, "\u2068": 1000, "\u2069": -1000}


@pytest.mark.parametrize("mark", ["\u202e", "\u202b", "\u2067"])
def test_turned_words_turn_nothing_behind_them(hostile_bench: Bench, mark: str) -> None:
    """A model, a parameter or a file name that turns its direction leaves the money readable."""
    link = f"https://x.example/{mark}gnp"
    cells = (f"%%nanobanana -m {mark}x --set a={mark}y -i {link} -o grid\nA cat [fail]", "grid")
    for ran in map(hostile_bench.run, cells):
        lines = [line for text in ran.all("text/plain") for line in text.splitlines()]
        words = [word for html in ran.all("text/html") for word in Reader(html).words]
        assert lines
        assert words
        for text in (*lines, *words):
            assert sum(TURNS.get(c, 0) for c in text) == 0, repr(text)


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
