"""Ranks as a sentence, as a table and as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html import markup, tiles, wording
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.html.plain_table import table_html
from nanobanana_nb.show.html.text import table_text
from nanobanana_nb.show.judge.ranks_record import RanksRecord
from nanobanana_nb.show.judge.vote_numbers import FOR_IMAGES, FOR_VALUES
from nanobanana_nb.stats.bradley_terry import Standing

_NO_VOTES = "Nobody has voted on two {} yet; `{}.vote({})` begins."
_LOOKS = "The intervals hold for one look, the sentence however often somebody looked."
_BAR_PX = 160
_MOST_PICTURES = 120_000  # bytes
_METHOD = (
    "would win: the share of pairs with the average of all, and where that lies with"
    " 95 % at one look (Bradley and Terry's model of 1952; a tie is half a vote for each). One"
    " leads where the votes say with 95 % that no other is better, however often somebody looked"
    " (bounds of Ville 1939 and Robbins 1970)."
)


def sentence(ranks: RanksRecord) -> str:
    """Return what may be concluded; code stands in backticks."""
    if not ranks.ranking.votes:
        return _without_votes(ranks)
    best = ranks.ranking.best
    return _verdict(ranks) if best is None else f"{_name(best)}{_lead(ranks, best)}"


def ranks_text(ranks: RanksRecord) -> str:
    """Return the standings in columns, and the sentence under them."""
    if not ranks.ranking.votes:
        return wording.code_free(_without_votes(ranks))
    rows = [
        (*_heading(ranks, s), _share(ranks, s), _between(s), str(s.votes))
        for s in _standings(ranks)
    ]
    sentences = "\n".join([sentence(ranks), *ranks.notes, _LOOKS])
    return table_text((*_first_headers(ranks), "would win", "95 %", "votes"), rows, sentences)


def ranks_html(ranks: RanksRecord) -> str:
    """Return the sentence, and under it the standings with their pictures and bars."""
    if not ranks.ranking.votes:
        return str(tag("div", markup.with_code(_without_votes(ranks))))
    rows = [
        (_picture(ranks, s), *_heading(ranks, s), _bar(ranks, s), str(s.votes))
        for s in _standings(ranks)
    ]
    table = table_html(("", *_first_headers(ranks), "would win", "votes"), rows, _METHOD)
    notes = [tag("div", markup.with_code(note)) for note in ranks.notes]
    notes.append(tag("div", markup.quiet(_LOOKS)))
    return str(tag("div", tag("div", tag("b", _linked(ranks))), *notes, table))


def _without_votes(ranks: RanksRecord) -> str:
    """Return how a vote begins that says something of these."""
    if not ranks.by:
        return _NO_VOTES.format("of these", "grid", "")
    name = wording.cut(ranks.by, 60).replace("`", "'")
    return _NO_VOTES.format(f"values of {name}", "grid", f'by="{name}"')


def records(ranks: RanksRecord) -> list[dict[str, Any]]:
    """Return a row for each standing, the best first; one without votes has no share."""
    images = ranks.grid.generations
    return [
        {
            **_identity(ranks, s, images),
            "votes": s.votes,
            "wins": s.wins,
            "ties": s.ties,
            **_part(s),
        }
        for s in _standings(ranks)
    ]


def _identity(
    ranks: RanksRecord, standing: Standing, images: Sequence[Generation]
) -> dict[str, Any]:
    subject = ranks.subjects.get(standing.name)
    if subject is None:
        return {"value": standing.name}
    image = images[subject.number]
    return {"number": subject.number, "id": image.id, "name": subject.label}


def _part(standing: Standing) -> dict[str, float | None]:
    values = {"share": standing.score, "low": standing.low, "high": standing.high}
    return {name: value if standing.votes else None for name, value in values.items()}


def _standings(ranks: RanksRecord) -> tuple[Standing, ...]:
    return ranks.ranking.standings


def _verdict(ranks: RanksRecord) -> str:
    contenders, count = ranks.ranking.contenders, len(_standings(ranks))
    after = _after(ranks)
    first, clear = (n * count for n in (FOR_IMAGES if ranks.subjects else FOR_VALUES))
    if _only_ties(ranks) and ranks.ranking.votes >= first:
        return f"Liked about equally {after}: all were ties."
    if not contenders:
        return f"The votes go round in a circle {after}: each has lost too often to be the best."
    if len(contenders) == 2 < count:
        names = " and ".join(map(_name, contenders))
        return f"{names} lead together {after}: which of them is better cannot be told yet."
    if len(contenders) == 1:
        return f"{_name(contenders[0])} is ahead {after}, but not clearly."
    still = f": {len(contenders)} of {count} can still be" if len(contenders) < count else ""
    few = ranks.ranking.votes < clear
    return f"{'Too few votes to say' if few else 'Not clear'} which is best {after}{still}."


def _lead(ranks: RanksRecord, best: str) -> str:
    """Return what is said of the leader behind its name, and how to get at its image."""
    subject = ranks.subjects.get(best)
    code = f" (`{ranks.variable}[{subject.number}]`)" if subject else ""
    return f"{code} leads {_after(ranks)}: with 95 % none of the others is better."


def _after(ranks: RanksRecord) -> str:
    people = wording.counted(ranks.voters, "person").replace("persons", "people")
    return f"after {wording.counted(ranks.ranking.votes, 'pair')} by {people}"


def _linked(ranks: RanksRecord) -> Markup:
    """Return the sentence with a link from the leader to its image."""
    best = ranks.ranking.best
    if best is None:
        return markup.with_code(sentence(ranks))
    name: Markup = tag("bdi", _name(best))
    subject = ranks.subjects.get(best)
    href = ranks.grid.href(ranks.grid.generations[subject.number]) if subject else None
    name = markup.link(href, name, title="open original") if href else name
    return joined([name, markup.with_code(_lead(ranks, best))])


def _only_ties(ranks: RanksRecord) -> bool:
    standings = _standings(ranks)
    return any(s.ties for s in standings) and not any(s.wins for s in standings)


def _first_headers(ranks: RanksRecord) -> tuple[str, ...]:
    return ("#", "") if ranks.subjects else ("",)


def _heading(ranks: RanksRecord, standing: Standing) -> tuple[str, ...]:
    subject = ranks.subjects.get(standing.name)
    return (f"#{subject.number}", subject.label) if subject else (standing.name,)


def _name(text: str) -> str:
    return wording.cut(text, 120)


def _share(ranks: RanksRecord, standing: Standing) -> str:
    if not standing.votes:
        return "–"
    return "only ties" if _only_ties(ranks) else f"{standing.score:.0%}"


def _between(standing: Standing) -> str:
    return f"{standing.low:.0%} to {standing.high:.0%}" if standing.votes else "–"


def _picture(ranks: RanksRecord, standing: Standing) -> Markup:
    """Return the image that has the name, linked to its original."""
    subject = ranks.subjects.get(standing.name)
    if subject is None:
        return Markup("")
    image = ranks.grid.generations[subject.number]
    style = tiles.TileStyle(72, max(900, _MOST_PICTURES // len(_standings(ranks))))
    return tiles.picture(image, style, ranks.grid.href(image), "")


def _bar(ranks: RanksRecord, standing: Standing) -> Markup:
    """Return the interval as a bar over 0 to 100 %, and the numbers."""
    if not standing.votes:
        return Markup("–")
    start, end = (round(_BAR_PX * value) for value in (standing.low, standing.high))
    looks = "display:inline-block;vertical-align:middle;height:9px"
    before = tag("span", style=f"{looks};width:{start}px")
    bar = tag("span", style=f"{looks};width:{max(2, end - start)}px;background:{markup.GREY}")
    after = tag("span", style=f"{looks};width:{_BAR_PX - end + 6}px")
    numbers = markup.quiet(f"{_share(ranks, standing)} ({_between(standing)})")
    return joined([before, bar, after, numbers])
