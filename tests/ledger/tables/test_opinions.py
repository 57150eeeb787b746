"""Ratings and votes in the ledger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store import repair, schema
from nanobanana_nb.model.opinion import Rating, Vote
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.model.score import Score
from nanobanana_nb.show.grid import ImageGrid
from tests.ledger.conftest import intent, request_for


def test_the_newest_rating_counts(ledger: Ledger) -> None:
    """One rating an image, whatever it says; images without one are left out."""
    assert ledger.ratings.get(["a"]) == {}
    ledger.ratings.put("a", Rating(2, False, "half \ud800 & <b>"))
    ledger.ratings.put("b", Rating(5, True))
    ledger.ratings.put("a", Rating(3))
    assert ledger.ratings.get(["a", "c"]) == {"a": Rating(3)}
    assert Ledger(ledger.home).ratings.get(["b"]) == {"b": Rating(5, True)}
    assert ledger.ratings.get([]) == {}


def test_one_vote_for_a_person_and_a_pair(ledger: Ledger) -> None:
    """Sides do not matter, the last word counts, and other people's votes add up."""
    ledger.votes.put(Vote("b", "a", "left", "Ann"))
    ledger.votes.put(Vote("a", "b", "tie", "Bob"))
    ledger.votes.put(Vote("a", "b", "left", "Ann"))
    ledger.votes.put(Vote("a", "z", "left", "Ann"))
    found = ledger.votes.get(["a", "b"])
    assert sorted(found, key=lambda vote: vote.voter) == [
        Vote("a", "b", "left", "Ann"),
        Vote("a", "b", "tie", "Bob"),
    ]


def test_rounds_of_a_pair_add_up(ledger: Ledger) -> None:
    """A person who sees a pair again votes again; in each round the last word counts."""
    for outcome, number in (("left", 1), ("right", 2), ("tie", 1)):
        ledger.votes.put(Vote("a", "b", outcome, "Ann", number))
    votes = ledger.votes.get(["a", "b"])
    assert [(vote.outcome, vote.round) for vote in votes] == [("right", 2), ("tie", 1)]


def test_votes_of_an_older_version_are_of_the_first_round(home: Path) -> None:
    """They stand in the ledger as they were."""
    home.mkdir(parents=True, exist_ok=True)
    file = Ledger(home).file
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(schema, "STEPS", schema.STEPS[:5])
            schema.apply_steps(connection, lambda _: None)
        connection.execute("INSERT INTO votes VALUES ('Ann', 'a', 'b', 'left', 1.0)")
    assert Ledger(home).votes.get(["a", "b"]) == [Vote("a", "b", "left", "Ann", 1)]


def test_newest_recipe_of_a_score_counts(ledger: Ledger) -> None:
    """The others stay, so that going back to one computes nothing."""
    ledger.scores.put("sharp", {"a": Score(1, recipe="old"), "b": Score(2, recipe="old")})
    ledger.scores.put("sharp", {"a": Score(3, recipe="new")})
    ledger.scores.put("rater \ud800", {"a": Score(None)})
    scores = Ledger(ledger.home).scores.get(["a", "b", "c"])
    assert scores["sharp"] == {"a": Score(3, recipe="new")}
    assert len(scores) == 2
    old = ledger.scores.of_recipe(["a", "c"], "sharp", "old")
    assert old == {"a": Score(1, recipe="old")}
    assert ledger.scores.get([]) == {}


def test_failure_hides_no_number_by_hand(ledger: Ledger) -> None:
    """A later one of a function does hide that of an earlier function; the oldest comes first."""
    bad = Score(None, "down", "new")
    ledger.scores.put("sharp", {"a": Score(1), "b": Score(2, recipe="old")})
    ledger.scores.put("sharp", {"b": bad})
    ledger.scores.put("sharp", {"a": bad})
    assert ledger.scores.get(["a", "b"])["sharp"] == {"a": Score(1), "b": bad}
    assert list(ledger.scores.of_recipe(["a", "b"], "sharp", "new")) == ["b", "a"]
    ledger.scores.put("sharp", {"a": Score(None)})
    assert ledger.scores.get(["a"])["sharp"] == {"a": Score(None)}


@pytest.mark.parametrize("outcome", ["left", "right"])
def test_turned_pair_keeps_its_winner(ledger: Ledger, outcome: str) -> None:
    """Whoever stood on the left: who was better is better."""
    ledger.votes.put(Vote("z", "a", outcome))
    (vote,) = ledger.votes.get(["a", "z"])
    assert (vote.left, vote.share) == ("a", 0.0 if outcome == "left" else 1.0)


def test_opinions_survive_a_damaged_file(ledger: Ledger, home: Path) -> None:
    """What can be read of them is taken over into the new database."""
    intent(ledger, request_for(), now=1.0)
    ledger.ratings.put("a", Rating(4))
    ledger.votes.put(Vote("a", "b", "left", "Ann"))
    ledger.scores.put("sharpness", {"a": Score(1.5), "b": Score(None, "ValueError: no")})
    with closing(sqlite3.connect(ledger.file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
        page = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'tasks_by_state'"
        ).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    data = bytearray(ledger.file.read_bytes())
    data[(page - 1) * size : page * size] = b"x" * size
    ledger.file.write_bytes(bytes(data))
    with pytest.warns(repair.LedgerDamagedWarning):
        found = Ledger(home).ratings.get(["a"])
    assert found == {"a": Rating(4)}
    assert len(Ledger(home).votes.get(["a", "b"])) == 1
    scores = Ledger(home).scores.get(["a", "b"])
    assert scores == {"sharpness": {"a": Score(1.5), "b": Score(None, "ValueError: no")}}


def test_ratings_are_looked_up_by_key(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 10,000 ratings the display of one image reads its own, by the index."""
    ledger.ratings.put("a", Rating(3))
    with closing(sqlite3.connect(ledger.file)) as connection, connection:
        others = ((f"{n:064x}", 1, 0, "", 1.0) for n in range(10_000))
        connection.executemany("INSERT INTO ratings VALUES (?, ?, ?, ?, ?)", others)
    statements: list[str] = []
    connect = sqlite3.connect

    def tracing(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)
        connection.set_trace_callback(statements.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", tracing)
    image = Generation(request_for(), State.SUCCESS, sha256="a")
    assert "★★★☆☆" in repr(ImageGrid([image], opinions=ledger))
    reads = [text for text in statements if "ratings" in text]
    assert reads
    with closing(connect(ledger.file)) as connection:
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {text}").fetchall() for text in reads]
        rows = [connection.execute(text).fetchall() for text in reads]
    steps = [str(step[3]) for steps in plans for step in steps if " ratings " in f"{step[3]} "]
    assert steps
    assert all(step.startswith("SEARCH ratings USING INDEX") for step in steps)
    assert max(map(len, rows)) == 1
