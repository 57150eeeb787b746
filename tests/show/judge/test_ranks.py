"""Ranks as they are shown: of images and of the values of an axis."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Vote
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.judge.ranks import Ranks
from nanobanana_nb.stats.bradley_terry import Ranking, ranked
from tests.html_reader import Reader
from tests.show.conftest import planned_grid
from tests.show.judge.memory_opinions import Kept

Made = Callable[..., Generation]


@pytest.fixture
def grid(photos: list[Path]) -> ImageGrid:
    """Two styles, two animals, each with a hash of its own."""
    found = planned_grid(photos, "{style} {animal}", style=["ink", "oil"], animal=["owl", "fox"])
    return hashed(found)


def hashed(found: ImageGrid) -> ImageGrid:
    """The grid with hashes and somewhere to keep votes."""
    ones = [replace(g, sha256=f"{n:064d}") for n, g in enumerate(found)]
    return ImageGrid(ones, found.plan, opinions=Kept())


def vote(
    grid: ImageGrid, better: int, worse: int, voter: str, outcome: str = "left", number: int = 1
) -> None:
    """Let somebody prefer one image, in one round."""
    assert grid.opinions is not None
    one, other = grid[better].sha256, grid[worse].sha256
    assert one is not None
    assert other is not None
    grid.opinions.votes.put(Vote(one, other, outcome, voter, number))


def test_ranks_of_images_and_of_an_axis(grid: ImageGrid) -> None:
    """Ink before oil in what everybody says; which animal is better nobody can tell."""
    for voter in "abcdefgh":
        for ink, oil in ((0, 2), (1, 3), (0, 3), (1, 2)):
            vote(grid, ink, oil, voter)
        vote(grid, 0, 1, voter, "tie")
    styles = grid.ranks(by="style")
    assert styles.best == "ink"
    assert styles.ranking.votes == 32, "pairs of one style say nothing of styles"
    sentence = "ink leads after 32 pairs by 8 people: with 95 % none of the others is better."
    assert sentence in repr(styles)
    assert grid.ranks(by="animal").best is None
    images = grid.ranks()
    assert {s.name for s in images.ranking.standings[:2]} == {"ink · owl", "ink · fox"}
    assert "ink · owl and ink · fox lead together after 40 pairs by 8 people" in repr(images)


def test_without_votes_there_is_one_line(grid: ImageGrid) -> None:
    """Nobody stands at 50 %; what begins a vote is said."""
    ranks = grid.ranks()
    sentence = "Nobody has voted on two of these yet; grid.vote() begins."
    assert repr(ranks) == ranks.sentence == sentence
    assert Reader(ranks._repr_html_()).text.strip() == sentence


def test_a_circle_of_votes_names_nobody(grid: ImageGrid) -> None:
    """Each is beaten by the next: none can be the best."""
    for image in range(4):
        for voter in range(40):
            vote(grid, image, (image + 1) % 4, str(voter))
    assert grid.ranks().best is None
    assert grid.ranks().sentence.startswith("The votes go round in a circle")


def test_a_last_contender_need_not_lead(grid: ImageGrid) -> None:
    """Each other one is out, and yet all may be equal: it is ahead, and not the best."""
    standings = ranked(["ink · owl", "oil · owl"], []).standings
    ranks = Ranks(grid, Ranking(standings, 9, None, ("ink · owl",)), 1, {})
    sentence = "ink · owl is ahead after 9 pairs by 1 person, but not clearly."
    assert ranks.sentence == sentence


def test_ties_alone_name_nobody(grid: ImageGrid) -> None:
    """A few say nothing, many that all are liked equally; nothing stands at 50 %."""
    for voter in "abcdef":
        vote(grid, 0, 1, voter, "tie")
        vote(grid, 2, 0, voter, "tie")
        if voter == "a":
            sentence = "Too few votes to say which is best after 2 pairs by 1 person."
            assert grid.ranks().sentence == sentence
    ranks = grid.ranks()
    assert ranks.sentence == "Liked about equally after 12 pairs by 6 people: all were ties."
    assert "only ties" in repr(ranks)
    for text in (repr(ranks), ranks._repr_html_()):
        assert " 50%" not in text
        assert ">50%" not in text
    assert grid.ranks(by="animal").sentence.startswith("Too few votes")


def test_many_votes_are_not_too_few(grid: ImageGrid) -> None:
    """Nothing is clear after many; intervals and sentence have promises of their own."""
    for voter in range(40):
        vote(grid, 0, 2, str(voter), "left" if voter % 2 else "right")
    ranks = grid.ranks(by="style")
    assert ranks.sentence == "Not clear which is best after 40 pairs by 40 people."
    words = "The intervals hold for one look, the sentence however often somebody looked."
    assert repr(ranks).endswith(words)
    assert words in Reader(ranks._repr_html_()).text
    wanted = 'Nobody has voted on two values of animal yet; grid.vote(by="animal") begins.'
    assert repr(grid.ranks(by="animal")) == wanted
    assert wanted in Reader(grid.ranks(by="animal")._repr_html_()).text


def test_people_of_opposite_taste_are_told_apart(grid: ImageGrid) -> None:
    """All votes together name nothing; each alone has a ranking, and a wrong name has none."""
    for number in range(16):
        for a, b in ((0, 2), (1, 3)):
            vote(grid, a, b, "Ann", number=number)
            vote(grid, b, a, "Bob", number=number)
            vote(grid, a, b, "Cid", number=number)
    words = "Ann and Bob like opposite things"
    for ranks in (grid.ranks(), grid.ranks(by="style")):
        assert words in repr(ranks)
        assert words in Reader(ranks._repr_html_()).text
    of_ann, of_bob = (grid.ranks(by="style", voter=name) for name in ("Ann", "Bob"))
    assert (of_ann.best, of_bob.best) == ("ink", "oil")
    assert (of_ann.voters, words in repr(of_ann)) == (1, False)
    with pytest.raises(InputError, match=r"no voter Anne.*Did you mean Ann"):
        grid.ranks(voter="Anne")


def test_an_image_without_votes_has_no_share(grid: ImageGrid) -> None:
    """It stands last, with a dash."""
    vote(grid, 0, 1, "Ann")
    lines = repr(grid.ranks()).splitlines()
    assert [line.split()[-1] for line in lines[1:5]] == ["1", "1", "0", "0"]
    assert lines[4].split()[-3:] == ["–", "–", "0"]
    assert lines[1].split()[0] == "#0"
    assert grid.ranks()._repr_html_().count(">–<") == 2


def test_the_leader_leads_to_its_image(grid: ImageGrid) -> None:
    """By its number in the text, by a link to the original in the page."""
    for voter in "abcdefghijkl":
        for rival in (0, 2, 3):
            vote(grid, 1, rival, voter)
    found = ImageGrid(grid, grid.plan, opinions=grid.opinions, links=lambda image: "images/1.png")
    ranks = found.ranks()
    sentence = (
        "ink · fox (found[1]) leads after 36 pairs by 12 people: with 95 % none of the others"
        " is better."
    )
    assert ranks.sentence.replace("(grid[1])", "(found[1])") == sentence
    page = Reader(ranks._repr_html_())
    assert "images/1.png" in str(page.links)
    assert "ink · fox (" in page.text


def test_ranks_as_a_table(grid: ImageGrid) -> None:
    """The best first, with the index of the grid; what has no votes has no share."""
    vote(grid, 2, 1, "Ann")
    vote(grid, 2, 1, "Bob", "tie")
    table = grid.ranks().to_frame()
    assert list(table.index) == list(table["number"]) == [2, 1, 0, 3]
    assert list(table["id"]) == [grid[n].id for n in table["number"]]
    assert table[["votes", "wins", "ties"]].values.tolist() == [
        [2, 1, 1],
        [2, 0, 1],
        *[[0] * 3] * 2,
    ]
    assert table["share"].notna().tolist() == [True, True, False, False]
    assert (table["low"] < table["share"])[:2].all()
    assert table.join(grid.to_frame()[["style"]])["style"].tolist() == ["oil", "ink", "ink", "oil"]
    values = grid.ranks(by="style").to_frame()
    assert values[["value", "votes"]].to_numpy().tolist() == [["oil", 2], ["ink", 2]]


def test_votes_order_a_grid(grid: ImageGrid) -> None:
    """The most liked first, what nobody voted on last; without votes `grid.vote()` is named."""
    with pytest.raises(InputError, match=r"Nobody has voted.*grid.vote\(\)"):
        grid.best(1, by="votes")
    vote(grid, 2, 1, "Ann")
    vote(grid, 1, 3, "Ann")
    assert [image.sha256 for image in grid.best(2, by="votes")] == [grid[2].sha256, grid[1].sha256]
    assert len(grid.best(4, by="votes")) == 3, "nobody voted on the fourth"
    order = [grid.index(image) for image in grid.sort("votes", descending=True)]
    assert order == [2, 1, 3, 0]
    assert [grid.index(image) for image in grid.sort("votes")] == [3, 1, 2, 0]


def test_the_numbers_of_a_vote_go_with_the_images(grid: ImageGrid) -> None:
    """Under each of the best, and in its tables: those of the whole grid."""
    assert "would win" not in grid.to_records()[0]
    vote(grid, 2, 1, "Ann")
    vote(grid, 1, 3, "Ann")
    shares = {row["path"]: row["would win"] for row in grid.to_records()}
    assert [row["votes"] for row in grid.to_records()] == [0, 2, 1, 1]
    for part in (grid.best(2, by="votes"), grid.sort("votes", descending=True)[:1]):
        texts = part._repr_mimebundle_()
        for row in part.to_records():
            assert row["would win"] == shares[row["path"]]
            mark = f"would win {row['would win']:.0%}"
            assert mark in texts["text/plain"]
            assert mark in Reader(texts["text/html"]).text


def test_exports_have_the_votes(photos: list[Path], tmp_path: Path) -> None:
    """CSV and JSON, under the names of `to_frame`; without votes they have no such columns."""
    grid = hashed(planned_grid(photos, "{style}", style=["ink", "oil"]))
    before = (grid.export(tmp_path / f"a.{ending}").read_text() for ending in ("csv", "json"))
    assert not any("would win" in text for text in before)
    vote(grid, 0, 1, "Ann")
    with grid.export(tmp_path / "b.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    images = json.loads(grid.export(tmp_path / "b.json").read_text())["images"]
    shares = [row["would win"] for row in grid.to_records()]
    assert [float(row["would win"]) for row in rows] == shares
    assert [image["would win"] for image in images] == shares
    assert [row["votes"] for row in rows] == ["1", "1"]


def test_equal_bytes_are_one_image(grid: ImageGrid) -> None:
    """They are ranked once; where they have two values of an axis they say nothing of it."""
    twins = [*grid[:3], replace(grid[3], sha256=grid[1].sha256)]
    found = ImageGrid(twins, grid.plan, opinions=grid.opinions)
    vote(found, 0, 2, "Ann")
    vote(found, 0, 1, "Ann")
    assert len(found.ranks().ranking.standings) == 3
    assert found.ranks(by="style").ranking.votes == 1


def test_ranks_as_html(grid: ImageGrid) -> None:
    """Each image with its picture, bar and numbers; the method has its source."""
    vote(grid, 0, 1, "<b>Ann</b>")
    page = Reader(grid.ranks()._repr_html_())
    assert len(page.images) == 4
    assert "Too few votes to say which is best after 1 pair by 1 person." in page.text
    assert "Bradley and Terry" in page.text
    assert len(Reader(grid.ranks(by="style")._repr_html_()).images) == 0


def test_ranks_that_cannot_be(grid: ImageGrid, made: Made) -> None:
    """No such axis, no ledger, nothing to compare."""
    with pytest.raises(InputError, match="axis"):
        grid.ranks(by="colour")
    with pytest.raises(InputError, match="ledger"):
        ImageGrid([made()]).ranks()
    with pytest.raises(InputError, match="two things"):
        grid[:1].ranks()
    with pytest.raises(InputError, match=r"two values of style.*have ink"):
        grid[:2].ranks(by="style")


def test_images_without_axes_go_by_their_place(made: Made) -> None:
    """They are numbered as in the grid."""
    grid = hashed(ImageGrid([made(), made(1)]))
    assert {s.name for s in grid.ranks().ranking.standings} == {"#0", "#1"}
