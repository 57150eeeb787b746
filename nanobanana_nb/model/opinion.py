"""What people think of an image: stars, favourite and a note; and which of two they like more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.text.terminal import printed

MOST_STARS = 5
MOST_NOTE = 2_000  # characters
LEFT, RIGHT, TIE = "left", "right", "tie"


@printed
@dataclass(frozen=True)
class Rating:
    """0 to 5 stars (0: none given), whether it is a favourite, and a note.

    Examples:
        >>> from nanobanana_nb import generate
        >>> rating = generate("A heron").rate(0, stars=4)
        >>> rating
        Rating(stars=4, favourite=False, note='')
    """

    stars: int = 0
    favourite: bool = False
    note: str = ""

    def __bool__(self) -> bool:
        return self != Rating()

    def changed(
        self, stars: int | None = None, favourite: bool | None = None, note: str | None = None
    ) -> Rating:
        """Return the rating with what is given replaced.

        Raises:
            InputError: a value cannot be one.

        Examples:
            >>> rating.changed(favourite=True)
            Rating(stars=4, favourite=True, note='')
        """
        values = {"stars": stars, "favourite": favourite, "note": note}
        rating = replace(self, **{name: v for name, v in values.items() if v is not None})  # type: ignore[arg-type]
        rating._check()
        return rating

    def _check(self) -> None:
        whole = isinstance(self.stars, int) and not isinstance(self.stars, bool)
        if not (whole and 0 <= self.stars <= MOST_STARS):
            raise InputError(f"{self.stars!r} is no number of stars", action="Give 0 to 5.")
        if not isinstance(self.favourite, bool):
            raise InputError("A favourite is True or False", action="")
        if not isinstance(self.note, str) or len(self.note) > MOST_NOTE:
            raise InputError(f"A note is a text of at most {MOST_NOTE:,} characters", action="")

    def to_record(self) -> dict[str, Any]:
        """Return it as plain JSON data.

        Examples:
            >>> rating.to_record()
            {'stars': 4, 'favourite': False, 'note': ''}
        """
        return {"stars": self.stars, "favourite": self.favourite, "note": self.note}


@printed
@dataclass(frozen=True)
class Vote:
    """What one person said of two images, which go by the hashes of their bytes.

    `outcome` is `left`, `right` or `tie`: which of the two is better. In each round that a person
    sees the pair in, the last word counts.
    """

    left: str
    right: str
    outcome: str
    voter: str = ""
    round: int = 1

    @property
    def share(self) -> float:
        """What part of the point goes to the left one."""
        return {LEFT: 1.0, RIGHT: 0.0}.get(self.outcome, 0.5)

    @property
    def point(self) -> tuple[str, str, float]:
        """The two images, and what part of the point goes to the left one."""
        return self.left, self.right, self.share
