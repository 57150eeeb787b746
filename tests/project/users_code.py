"""Code as a user writes it; nobody runs it. Two type checkers read it: see test_users_code.py.

What is wrong on purpose has an ignore with its rule, which a checker must need.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, assert_type

from pandas import DataFrame
from PIL.Image import Image

import nanobanana_nb as nb
from nanobanana_nb import Generation, ImageGrid, Job, NanobananaError, Panel, Plan, Report, State
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.show.judge.chance import Chance
from nanobanana_nb.show.judge.image_scores import Scores
from nanobanana_nb.show.judge.ranks import Ranks
from nanobanana_nb.show.judge.rater_agreement import Agreement
from nanobanana_nb.show.lineage.diff import Difference


def images() -> Generation:
    """One prompt: now, in the background, and what comes of it."""
    grid = nb.generate("A heron", aspect_ratio="16:9", repeats=2, max_credits=20, seed_words="x")
    assert_type(grid, ImageGrid)
    job = nb.submit("A heron", images=[grid[0], Path("a.png"), b"", "https://example.org/a.png"])
    assert_type(job, Job)
    assert_type(job.result(), ImageGrid)
    assert_type(job.grid, ImageGrid)
    assert_type(job.plan, Plan)
    assert_type(job.bill, Bill | None)
    assert_type(job.done(), bool)
    job.on_result(lambda image: image.path)
    job.again(0, -1, max_credits=4)
    return grid.one


async def awaited(image: Generation) -> None:
    """The same where an event loop runs."""
    assert_type(await nb.agenerate("A heron", fresh=True), ImageGrid)
    assert_type(await nb.asweep("A {style} heron", {"style": ["ink", "oil"]}), ImageGrid)
    assert_type(await nb.submit("A heron"), ImageGrid)
    assert_type(await image.aedit("at night"), ImageGrid)
    assert_type(await image.aedit("at night", dry_run=True), Report)
    assert_type(await image.areplay({"night": "dusk"}), ImageGrid)
    assert_type(await image.areplay({"night": "dusk"}, dry_run=True), Report)
    assert_type(await nb.aedit(image, "at night"), ImageGrid | Report)
    assert_type(await nb.areplay(image, {"night": "dusk"}), ImageGrid | Report)


def experiment() -> ImageGrid:
    """A plan, its bill, and a sweep over it."""
    plan = nb.plan("A {style} heron", {"style": ["ink", "oil"]}, repeats=2, rows="style")
    assert_type(plan, Plan)
    assert_type(plan.bill(), Report)
    assert_type(nb.bill(plan), Report)
    nb.sweep(nb.prompts["poster"], {"style": nb.prompts.lists["styles"]})
    nb.sweep(["Mia runs", "Mia sleeps"], images={"Mia": "mia.png", "dog": [b"", Path("a.png")]})
    assert_type(plan.extend(style="pastel").repeat(3).only([0, -1]), Plan)
    assert_type(Plan.from_json(plan.to_json()).rest, Plan)
    return nb.sweep("A {style} heron", {"style": ["ink", "oil"]}, strict=True, max_credits=40)


def steps(image: Generation) -> None:
    """The next image from one, and a branch in other words."""
    assert_type(image.edit("at night", images=["b.png"]), ImageGrid)
    assert_type(image.edit("at night", dry_run=True), Report)
    assert_type(image.edit("at night", dry_run=bool(image.id)), ImageGrid | Report)
    assert_type(image.replay({"night": "dusk"}, max_credits=12), ImageGrid)
    assert_type(image.replay({"night": "dusk"}, dry_run=True), Report)
    assert_type(image.replay({"night": "dusk"}, dry_run=bool(image.id)), ImageGrid | Report)
    assert_type(nb.edit(image, "at night"), ImageGrid | Report)
    assert_type(nb.replay(image, {"night": "dusk"}), ImageGrid | Report)
    assert_type(image.state, State)
    assert_type(image.error, NanobananaError | None)
    assert_type(image.image, Image)
    assert_type(image.bytes, bytes)
    assert_type(image.path, Path | None)
    assert_type(image.save("herons"), Path)
    assert_type(image.keep("heron", note="autumn", replace=True), Path)


def looked_at(grid: ImageGrid) -> list[str]:
    """A grid as a sequence, as a table, and in the eyes of people."""
    assert_type(grid[0], Generation)
    assert_type(grid[:2], ImageGrid)
    assert_type(grid["ink"], ImageGrid)
    assert_type(grid[{"style": "ink"}], ImageGrid)
    assert_type(grid.counts()["success"], int)
    assert_type(grid.count("success"), int)
    assert_type(grid.pivot(rows=("style", "animal")), ImageGrid)
    assert_type(grid.select(style=["ink"]), ImageGrid)
    assert_type(grid.retry(yes=True).extend(style="oil").repeat(3).complete(), ImageGrid)
    assert_type(grid.save("herons"), list[Path])
    assert_type(grid.keep("herons"), Path)
    assert_type(grid.running, bool)
    assert_type(grid.wait(timeout=5).wait(0.5).wait(None), ImageGrid)
    assert_type(grid.to_records(), list[dict[str, Any]])
    assert_type(grid.to_frame(), DataFrame)
    assert_type(grid.diff(0, grid[1]), Difference)
    assert_type(grid.chance(), Chance)
    assert_type(grid.chance().to_frame(), DataFrame)
    assert_type(grid.score(lambda image: image.width, "width", workers=2), Scores)
    assert_type(grid.score(grid.to_frame()["rater 1"], again=True).values, tuple[float | None, ...])
    assert_type(grid.score("sharpness").untried, int)
    assert_type(grid.score([1, 2], name="sharpness").by_hand, int)
    assert_type(grid.scores(), dict[str, list[float | None]])
    assert_type(grid.sort("width", descending=True).best(5, by="width"), ImageGrid)
    assert_type(grid.chance(by="width"), Chance)
    assert_type(grid.agreement("Ann", "Bob"), Agreement)
    grid.plot(by="style", score="width").set_title("sharpness")
    assert_type(grid.export("grid.zip", originals=True), Path | str)
    assert_type(grid.rate(0, stars=4), Rating)
    assert_type(grid.ranks(by="style"), Ranks)
    assert_type(grid.ranks(voter="Ann").sentence, str)
    assert_type(grid.ranks().to_frame(), DataFrame)
    assert_type(grid.compare(0, 1), ImageGrid | Difference | None)
    assert_type(nb.compare(grid), ImageGrid | Difference | None)
    grid.vote("Ann")
    nb.vote(grid, "Ann", by="style")
    return [str(image.path) for image in grid if image.ok]


def panel() -> str:
    """The panel, read from Python."""
    opened = Panel()
    assert_type(opened.grid, ImageGrid | None)
    return opened.cell


def mistakes(image: Generation, grid: ImageGrid) -> None:
    """What a checker has to flag, each by its own rule."""
    nb.generate()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    nb.generate(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    nb.generate("A heron", repeats="2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    nb.submit("A heron", max_credits="3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    nb.generate("A heron", aspect_ratio=(16, 9))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    nb.sweep("A heron", 5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    nb.plan("A heron", fresh=True).sweep()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    nb.generat("A heron")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    image.edit(5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    image.replay(["night"])  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    image.state = State.FAILED  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    grid.rate(0, stars="4")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    grid.repeat()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    grid[1.5]  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    grid.export("grid.zip", True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    nb.submit("A heron").result().pivot(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
