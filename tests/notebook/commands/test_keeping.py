"""`%nanobanana adopt` takes in tasks of elsewhere; `forget` removes picture and words."""

from __future__ import annotations

import asyncio
import json
import warnings
from pathlib import Path
from typing import Any

import httpx
import pytest

from nanobanana_nb.api.simulated import KEY
from nanobanana_nb.errors import InputError, NotFoundError, OutcomeUnknownError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import State
from tests.folder_contents import contents
from tests.notebook.bench import Bench
from tests.service import Service

CREATE = "/api/v1/client/job/CreateTask"
SECRET = "axolotl"


def made_elsewhere(service: Service, prompt: str, **fields: Any) -> str:
    """The id of a task that another program made on the same account."""
    body = {"model": "google/nano-banana", "input": {"prompt": prompt, **fields}}

    async def create() -> httpx.Response:
        transport = httpx.ASGITransport(service.app)
        async with httpx.AsyncClient(transport=transport, base_url=service.url) as client:
            return await client.post(CREATE, json=body, headers={"x-api-key": KEY.reveal()})

    answer = asyncio.run(create())
    return str(answer.json()["data"]["task_id"])


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """The ledger of the test's home folder."""
    return Ledger(tmp_path / "home")


def unknown(bench: Bench, service: Service, cell: str) -> str:
    """Make a task whose answer is lost, and return the id that the service gave it."""
    before = service.task_ids()
    service.fault("create", accepted=True, status=500)
    bench.fails(cell, OutcomeUnknownError)
    (task_id,) = service.task_ids() - before
    return task_id


def test_a_task_of_elsewhere_is_fetched(bench: Bench, service: Service, ledger: Ledger) -> None:
    """With prompt and parameters; the same cell takes it from the ledger, and nothing is paid."""
    task_id = made_elsewhere(service, "A heron", aspect_ratio="16:9")
    ran = bench.run(f"%nanobanana adopt {task_id}")
    assert ran.error is None, ran.told
    (image,) = ran.value
    assert image.ok
    assert (image.request.prompt, image.request.parameter("aspect_ratio")) == ("A heron", "16:9")
    assert bench.run("%%nanobanana -a 16:9\nA heron").value.one.cached
    assert len(service.tasks()) == 1
    again = bench.run(f"%nanobanana adopt {task_id}")
    assert f"number {image.id}, done" in again.text
    assert ledger.count() == 1


def test_one_that_failed_says_why(bench: Bench, service: Service, ledger: Ledger) -> None:
    """It is in the ledger with its error."""
    ran = bench.run(f"%nanobanana adopt {made_elsewhere(service, 'A cat [fail]')}")
    assert "Error" in ran.told
    assert ledger.get("1").state is State.FAILED  # type: ignore[union-attr]


def test_one_that_fits_settles_the_unknown(bench: Bench, service: Service, ledger: Ledger) -> None:
    """The row gets its id and its image; nothing is sent again."""
    task_id = unknown(bench, service, "%%nanobanana\nA heron")
    unknown(bench, service, "%%nanobanana\nAn owl")
    assert bench.run(f"%nanobanana adopt {task_id}").error is None
    assert [t.request.prompt for t in ledger.unknown()] == ["An owl"]
    settled = ledger.get("1")
    assert settled is not None
    assert settled.ok
    assert settled.task_id == task_id
    assert bench.run("%%nanobanana\nA heron").value.one.cached
    assert len(service.creates()) == 2


def test_where_several_fit_it_asks(bench: Bench, service: Service, ledger: Ledger) -> None:
    """Equal requests, and private prompts, are for the person to tell apart."""
    service.fault("create", accepted=True, status=500, times=2)
    bench.run("%%nanobanana -n 2\nA heron")
    first, second = service.task_ids()
    error = bench.fails(f"%nanobanana adopt {first}", InputError).error
    assert "one of the numbers 1, 2" in str(error)
    assert f"adopt {first} 1" in str(error)
    assert len(ledger.unknown()) == 2
    assert bench.run(f"%nanobanana adopt {first} 2").error is None
    assert [task.id for task in ledger.unknown()] == [1]
    assert bench.run(f"%nanobanana adopt {second} new").error is None
    assert ledger.count() == 3
    bench.fails("%nanobanana adopt elsewhere 7", (InputError, NotFoundError))  # type: ignore[arg-type]


def test_a_private_unknown_is_not_certain(bench: Bench, service: Service) -> None:
    """The ledger does not have its prompt, so it cannot tell."""
    task_id = unknown(bench, service, "%%nanobanana --private\nA heron")
    error = bench.fails(f"%nanobanana adopt {task_id}", InputError).error
    assert "may be number 1" in str(error)
    assert bench.run(f"%nanobanana adopt {task_id} 1").error is None


def test_a_task_that_nobody_knows(bench: Bench, service: Service, ledger: Ledger) -> None:
    """Nothing is written down."""
    bench.fails("%nanobanana adopt no-such-task", NotFoundError)
    assert ledger.count() == 0


@pytest.fixture
def shown(bench: Bench, service: Service) -> Bench:
    """A notebook with links, a rated image of a grid, and one beside it."""
    bench.like_a_kernel()
    ran = bench.run(f"%%nanobanana -o grid\nAn {{{SECRET}|owl}} in the rain")
    assert ran.error is None, ran.told
    bench.run("grid[0].rate(5, note='axolotl of the year')")
    return bench


def numbers(ledger: Ledger) -> tuple[int, int]:
    """The number of the image with the words, and of the one beside it."""
    tasks = {SECRET in task.request.prompt: int(task.id or 0) for task in ledger.recent(2)}
    return tasks[True], tasks[False]


def words_left(home: Path) -> list[str]:
    """The files in which the words are, without those of the service itself."""
    files = {p: d for p, d in contents(home).items() if "simulator" not in p.name}
    return [str(path) for path, data in files.items() if SECRET.encode() in data]


def test_forgotten_is_nowhere(shown: Bench, ledger: Ledger, tmp_path: Path) -> None:
    """Picture, copy, sidecar and words are gone, whatever file one looks into; the cost is not."""
    first, second = numbers(ledger)
    image = ledger.get(str(first))
    assert image is not None
    assert words_left(tmp_path)
    error = shown.fails(f"%nanobanana forget {first}", InputError).error
    assert f"forget {first} --yes" in str(error)
    assert image.path is not None
    assert image.path.exists()
    assert shown.run(f"%nanobanana forget {first} --yes").error is None
    assert words_left(tmp_path) == []
    assert not image.path.exists()
    copies = [path.name for path in (tmp_path / "notebooks").rglob("*.png")]
    assert len(copies) == 1
    assert "owl" in copies[0]
    spent = ledger.spending.rows()
    assert sum(row.credits for row in spent) == 8
    assert "forgotten" in shown.run("%nanobanana history").text
    again = ledger.get(str(second))
    assert again is not None
    assert again.ok
    assert SECRET not in shown.run("%nanobanana grid g1").told
    assert "forgotten already" in shown.run(f"%nanobanana forget {first} --yes").told


def test_asking_again_pays_and_says_so(shown: Bench, service: Service, ledger: Ledger) -> None:
    """The bill tells it beforehand; nothing that is forgotten is tried again by itself."""
    first, _ = numbers(ledger)
    shown.run(f"%nanobanana forget {first} --yes")
    cell = f"An {SECRET} in the rain"
    dry = shown.run(f"%%nanobanana --dry-run\n{cell}").text
    assert "4 credits" in dry
    assert f"forgotten (number {first}): it is paid anew" in dry
    shown.fails(f"%nanobanana retry {first}", InputError)
    count = len(service.tasks())
    assert not shown.run(f"%%nanobanana\n{cell}").value.one.cached
    assert len(service.tasks()) == count + 1


@pytest.mark.parametrize("damage", ["lost", "set aside before", "cut"])
def test_no_repair_brings_it_back(shown: Bench, tmp_path: Path, damage: str) -> None:
    """Neither sidecars nor an older copy of the ledger do."""
    file = tmp_path / "home" / "ledger.sqlite"
    before = file.read_bytes()
    first, _ = numbers(Ledger(tmp_path / "home"))
    shown.run(f"%nanobanana forget {first} --yes")
    if damage == "set aside before":
        file.with_name("ledger.damaged-20200101-000000.sqlite").write_bytes(before)
    if damage == "cut":
        file.write_bytes(before[: len(before) // 2])
    else:
        for part in file.parent.glob("ledger.*"):
            if "damaged" not in part.name:
                part.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(2):  # the first may only tell that tasks are lost
            shown.run("%%nanobanana\nA cat")
    tasks = Ledger(tmp_path / "home").recent(10)
    assert [t for t in tasks if SECRET in json.dumps(t.request.to_record())] == []
    assert any("owl" in t.request.prompt for t in tasks) or damage == "cut"


def test_what_goes_on_cannot_be_forgotten(bench: Bench, service: Service) -> None:
    """A task of unknown outcome is decided about first."""
    unknown(bench, service, "%%nanobanana\nA heron")
    error = bench.fails("%nanobanana forget 1 --yes", InputError).error
    assert "resolve 1 --forget" in str(error)


def test_the_same_picture_of_another_task_stays(
    bench: Bench, service: Service, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tasks may have made one image: the other one's is kept."""
    from nanobanana_nb.simulator import pictures
    from tests.fixtures import png

    monkeypatch.setattr(pictures, "paint", lambda *_: png())
    bench.run("%%nanobanana\nA heron")
    bench.run("%%nanobanana\nAn owl")
    assert ledger.get("1").sha256 == ledger.get("2").sha256  # type: ignore[union-attr]
    assert bench.run("%nanobanana forget 1 --yes").error is None
    assert ledger.get("2").ok  # type: ignore[union-attr]


def test_doctor_says_how_much_room_it_takes(bench: Bench) -> None:
    """Originals, ledger, and what was set aside."""
    bench.run("%%nanobanana\nA heron")
    text = bench.run("%nanobanana doctor").text
    assert "originals " in text
    assert "ledger " in text
    assert "kB" in text or "MB" in text
