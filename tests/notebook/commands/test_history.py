"""`%nanobanana history`: a table for people, its ids on demand."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.result import State
from nanobanana_nb.notebook.commands.history import history_table, when_text
from tests.html_reader import Reader
from tests.notebook.bench import Bench
from tests.show.conftest import failed, generation, photo, waiting

LITE = "-m nano-banana-2-lite"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture on disk."""
    return photo(tmp_path / "picture.png")


def headers(text: str) -> list[str]:
    """The headings of a table in text."""
    return text.strip().splitlines()[0].split()


def test_table_has_what_people_want(bench: Bench) -> None:
    """Picture, prompt, what differs, credits and when; what all have alike is said once."""
    bench.run(f"%%nanobanana {LITE} -a 16:9\nA cat")
    bench.run(f"%%nanobanana {LITE} -a 21:9\nA dog")  # no time of the day looks so
    ran = bench.run("%nanobanana history")
    assert headers(ran.text) == ["state", "prompt", "settings", "credits", "when"]
    page = Reader(ran.html).text
    assert page.startswith("image prompt settings credits when")
    assert page.count("nano-banana-2-lite") == 1
    assert page.count("16:9") == page.count("21:9") == 1
    assert page.count("nothing was paid") == 1


def test_settings_that_differ_nowhere_have_no_column(bench: Bench) -> None:
    """They stand below the table."""
    bench.run(f"%%nanobanana {LITE} -n 2\nA cat")
    text = bench.run("%nanobanana history").text
    assert headers(text) == ["state", "prompt", "credits", "when"]
    assert "All: google/nano-banana-2-lite" in text


def test_ids_come_on_demand(bench: Bench) -> None:
    """Number and task id are what `show` takes; without `--ids` a title has them."""
    image = bench.run(f"%%nanobanana {LITE}\nA cat").value.one
    plain = bench.run("%nanobanana history cat")
    assert image.task_id not in plain.text
    assert f"id {image.id} · {image.task_id}" in plain.html
    assert "history --ids" in plain.text
    for line in ("history --ids", "history --ids cat", "history 5 cat --ids"):
        text = bench.run(f"%nanobanana {line}").text
        assert {"id", "hash", "task"} <= {*headers(text)}
        assert image.task_id in text
        assert image.sha256[:8] in text
    assert "history --ids" in bench.fails("%nanobanana show 99", InputError).told


def test_failure_stands_in_the_place_of_its_picture() -> None:
    """The word and the reason; no empty place and no dash."""
    page = Reader(str(history_table([failed(), waiting(State.DETACHED)])._repr_mimebundle_()))
    assert "failed blocked by moderation" in page.text
    assert "stopped" in page.text


def test_simulated_ones_are_told_apart(picture: Path) -> None:
    """Where some were paid and some not, each that was not says so."""
    mixed = [generation(picture, provider="simulator"), generation(picture)]
    assert repr(history_table(mixed)).count("simulator") == 1
    assert "nothing was paid" not in repr(history_table(mixed))
    assert "nothing was paid" in repr(history_table(mixed[:1]))


@pytest.mark.parametrize("count", [1, 20, 100])
def test_pictures_fit_an_output(picture: Path, count: int) -> None:
    """However many rows there are, the table has less than 400 kB."""
    rows = [generation(picture, n, id=n) for n in range(count)]
    assert len(history_table(rows)._repr_mimebundle_()["text/html"]) < 400_000


def test_when_is_a_day_and_a_time() -> None:
    """With its year where that is over; a saved table is read later."""
    now = time.localtime()
    assert when_text(time.time()).startswith(f"{now.tm_mday} ")
    assert str(now.tm_year) not in when_text(time.time())
    assert when_text(0).split()[2] in ("1969", "1970")
    assert when_text(None) == "–"
