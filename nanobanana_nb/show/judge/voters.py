"""Who has voted: the votes of one person, and whether two people like opposite things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

from nanobanana_nb.model.opinion import Vote
from nanobanana_nb.privacy.redaction import storable
from nanobanana_nb.show.arrange.view import unknown
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.stats.likelihood import Point
from nanobanana_nb.stats.opposition import are_opposed, opposition


def votes_of(votes: Iterable[Vote], voter: str) -> list[Vote]:
    """Return the votes of one person.

    Raises:
        InputError: others have voted, and this one has not.
    """
    known = list(votes)
    own = [vote for vote in known if vote.voter == storable(voter)]
    if known and not own:
        raise unknown("voter", voter, sorted({vote.voter for vote in known} - {""}))
    return own


def opposed_voters(votes: Iterable[Vote], names: Mapping[str, str]) -> str:
    """Return a sentence on the two people whose votes go opposite ways the most, if any do.

    Args:
        names: of what is ranked, by the hash of an image.
    """
    points: dict[str, list[Point]] = {}
    for vote in votes:
        left, right = names[vote.left], names[vote.right]
        if left != right:
            points.setdefault(vote.voter, []).append((left, right, vote.share))
    pairs = combinations(points, 2)
    most = max(pairs, key=lambda two: opposition(points[two[0]], points[two[1]]), default=None)
    if most is None or not are_opposed(points[most[0]], points[most[1]]):
        return ""
    one, other = (cut(name, 40).replace("`", "'") or "who gave no name" for name in most)
    return f"{one} and {other} like opposite things: `ranks(voter=)` has the votes of one person."
