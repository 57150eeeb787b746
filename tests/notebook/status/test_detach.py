"""What stays under a cell whose run was let go: it is true however long a file keeps it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.model.result import WAITS_FOR_ANOTHER, State
from nanobanana_nb.notebook.status.forms import NoStatus
from nanobanana_nb.notebook.status.live_view import LiveView
from nanobanana_nb.run.job import Job
from tests.html_reader import Reader
from tests.notebook.status.boards import job_of


def left(bench: Any, job: Job) -> dict[str, str]:
    """The forms that are left under the cell."""
    view = LiveView(job)
    view._status = NoStatus()
    view._let_go()
    data: dict[str, str] = bench.shell.display_pub.outputs[-1]["data"]
    return data


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("state", [State.SENT, State.PENDING, State.RUNNING, State.PLANNED])
def test_nothing_is_said_to_run(bench: Any, state: State, count: int) -> None:
    """It names the way to the images; neither state nor seconds grow old in the file."""
    job = job_of(count)
    for n, image in enumerate(job.generations):
        job._state.generations[n] = replace(image, state=state, created_at=1.0, sent_at=1.0)
    forms = left(bench, job)
    for text in (" ".join(Reader(forms["text/html"]).text.split()), forms["text/plain"]):
        assert "%nanobanana wait" in text
        assert "waiting" in text
        assert "resume" not in text, "it is waited for"
        assert not [word for word in ("running", "not sent", "stopped", " s ·") if word in text]
    assert job.generations[0].state is state, "the run itself is as it was"


def test_nothing_is_said_to_wait_for_another_run(bench: Any) -> None:
    """Of whom it waited for while it ran nothing stays: a file keeps it for ever."""
    job = job_of(3)
    waits = replace(job.generations[1], state=State.RUNNING, notes=(WAITS_FOR_ANOTHER,))
    job._state.generations[1] = waits
    assert "another notebook" in job.grid._repr_mimebundle_()["text/plain"]
    assert "another notebook" not in str(left(bench, job))


def test_what_was_done_stays(bench: Any, tmp_path: Path) -> None:
    """Pictures that have come stand there, in their places."""
    Image.new("RGB", (64, 64), "#804020").save(tmp_path / "a.png")
    job = job_of(3)
    done = replace(job.generations[1], state=State.SUCCESS, path=tmp_path / "a.png")
    job._state.generations[1] = done
    forms = left(bench, job)
    assert set(forms) == {"text/html", "text/plain", "image/jpeg"}
    assert forms["text/html"].count("<img") == 1
    assert "3 images · 1 done · 2 waiting" in forms["text/plain"]
