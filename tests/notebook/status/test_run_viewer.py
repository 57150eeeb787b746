"""A viewer that fills itself while its run goes on, without a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.model.result import State
from nanobanana_nb.notebook.status.run_viewer import AT_ONCE, MOST, RunViewer
from nanobanana_nb.run.job import Job
from tests.notebook.status.boards import fail, job_of

pytest.importorskip("anywidget")

Come = Callable[..., None]


@pytest.fixture
def come(tmp_path: Path) -> Come:
    """What lets images of a job come about."""
    Image.new("RGB", (16, 16), "#804020").save(tmp_path / "a.png")

    def arrive(job: Job, *positions: int) -> None:
        for n in positions:
            image = replace(job.generations[n], state=State.SUCCESS, path=tmp_path / "a.png")
            job._state.generations[n] = image

    return arrive


@pytest.fixture
def viewer(bench: Any) -> RunViewer:
    """A viewer in a shell, which is not open yet."""
    return RunViewer()


def messages(viewer: RunViewer) -> list[dict[str, Any]]:
    """What the open viewer sends from now on."""
    sent: list[dict[str, Any]] = []
    assert viewer._open is not None
    viewer._open.widget.send = sent.append
    return sent


def pictured(viewer: RunViewer) -> list[int]:
    """The places that a page which is loaded anew shows a picture in."""
    assert viewer._open is not None
    images = viewer._open.widget.data["images"]
    return [n for n, image in enumerate(images) if image["full"]]


def test_images_come_few_at_a_time(viewer: RunViewer, come: Come) -> None:
    """Clicks are answered in between; each is sent once, to its place, and kept for a new page."""
    job = job_of(10)
    come(job, 4)
    viewer.open(job.grid, 4)
    assert pictured(viewer) == [4]
    sent = messages(viewer)
    viewer.fill(job.grid)
    assert sent == [], "nothing has come"
    come(job, 0, 3, 7, 8, 9)
    for _ in range(5):
        viewer.fill(job.grid)
    assert {message["kind"] for message in sent} == {"fill"}
    places = [[n for n, _ in message["images"]] for message in sent]
    assert places == [[0, 3], [7, 8], [9]]
    assert max(map(len, places)) == AT_ONCE
    for message in sent:
        for n, image in message["images"]:
            assert (image["id"], image["state"]) == (str(n), "done")
    assert pictured(viewer) == [0, 3, 4, 7, 8, 9]


def test_an_opened_viewer_has_the_nearest(viewer: RunViewer, come: Come) -> None:
    """Of many images those around the one that is looked at come first, the others after it."""
    job = job_of(60)
    come(job, *range(60))
    viewer.open(job.grid, 30)
    assert (len(pictured(viewer)), 30 in pictured(viewer)) == (MOST, True)
    sent = messages(viewer)
    viewer.fill(job.grid, last=True)
    (message,) = sent
    assert len(message["images"]) == 60 - MOST
    assert pictured(viewer) == list(range(60))


def test_failures_are_shown_too_and_tries_that_help(viewer: RunViewer, come: Come) -> None:
    """A place that waited says that it failed, and has its picture after a further try."""
    job = job_of(4)
    come(job, 0)
    viewer.open(job.grid, 0)
    sent = messages(viewer)
    fail(job, 2)
    viewer.fill(job.grid)
    viewer.fill(job.grid)
    ((failure,),) = [message["images"] for message in sent]
    assert (failure[0], failure[1]["state"]) == (2, "failed")
    assert "blocked" in failure[1]["error"]
    job._state.generations[2] = replace(job.generations[2], state=State.RUNNING, error=None)
    viewer.fill(job.grid)
    assert len(sent) == 1, "what runs has nothing to show"
    come(job, 2)
    viewer.fill(job.grid)
    assert [(n, image["state"]) for n, image in sent[-1]["images"]] == [(2, "done")]


def test_the_last_time_says_where_all_stand(viewer: RunViewer, come: Come) -> None:
    """When the board is gone, nothing in the viewer goes on running for ever."""
    job = job_of(5)
    come(job, 0)
    viewer.open(job.grid, 0)
    sent = messages(viewer)
    come(job, 1)
    for n in (2, 3):
        job._state.generations[n] = replace(job.generations[n], state=State.DETACHED)
    viewer.fill(job.grid, last=True)
    states = [(n, image["state"]) for n, image in sent[0]["images"]]
    assert states == [(1, "done"), (2, "stopped"), (3, "stopped")]


def test_a_viewer_that_was_closed_is_left_alone(viewer: RunViewer, come: Come) -> None:
    """What nobody looks at is not read."""
    job = job_of(3)
    viewer.fill(job.grid)
    come(job, 0)
    viewer.open(job.grid, 0)
    sent = messages(viewer)
    assert viewer._open is not None
    viewer._open.close()
    come(job, 1)
    viewer.fill(job.grid)
    viewer.fill(job.grid, last=True)
    assert sent == []
