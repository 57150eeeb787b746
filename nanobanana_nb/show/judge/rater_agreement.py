"""How well several people, or several functions, agree about the images of a grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.markup import tag
from nanobanana_nb.stats.agreement import INTERVAL, METRICS, alpha
from nanobanana_nb.text.terminal import printed

RELIABLE, TENTATIVE = 0.8, 0.667
FEWEST = 6  # images: of fewer the interval means nothing
_METHOD = (
    "alpha: Krippendorff's, 1 where all agree and 0 where chance alone would do as well; from"
    " 0.8 on reliable, from 0.667 for tentative conclusions (Krippendorff 2004). The interval is"
    " that of 95 % (jackknife over the images)."
)


@printed
@dataclass(frozen=True, repr=False)
class Agreement:
    """How well raters agree: Krippendorff's alpha, and where it lies with 95 %.

    `images` are those that two raters or more have scored; others do not count. The numbers are
    None where there is nothing to agree on.

    Examples:
        >>> from nanobanana_nb import sweep
        >>> grid = sweep("A cat, {style}", {"style": ["ink", "oil"]}, repeats=2)
        >>> for name, numbers in {"Ann": [1, 2, 3, 4], "Bob": [1, 2, 3, 5]}.items():
        ...     scores = grid.score(numbers, name=name)
        >>> agreement = grid.agreement("Ann", "Bob")
        >>> agreement.images, agreement.raters
        (4, ('Ann', 'Bob'))
    """

    alpha: float | None
    low: float | None
    high: float | None
    images: int
    raters: tuple[str, ...]
    metric: str = INTERVAL

    @property
    def sentence(self) -> str:
        """What may be concluded, in words.

        Examples:
            >>> agreement.sentence
            'Too few images to tell whether the raters agree: alpha ...'
        """
        if self.alpha is None or self.low is None or self.high is None:
            why = "no image has two scores" if not self.images else "all scores are the same"
            return f"Nothing to agree on: {why}."
        bounds = f"{max(self.low, -1):.2f} to {self.high:.2f}"
        numbers = f"alpha {self.alpha:.2f}, {bounds}"
        if self.images < FEWEST:
            return f"Too few images to tell whether the raters agree: {numbers}."
        return f"The raters {_words(self.low, self.high)}: {numbers}."

    def __repr__(self) -> str:
        return f"{self.sentence}\n{self._counts()}"

    def _repr_html_(self) -> str:
        lines = (tag("div", markup.quiet(line)) for line in (self._counts(), _METHOD))
        return str(tag("div", tag("div", self.sentence), *lines))

    def _counts(self) -> str:
        raters = ", ".join(wording.cut(name, 60) for name in self.raters)
        return wording.DOT.join((wording.counted(self.images, "image"), raters, self.metric))


def agreement(scores: Mapping[str, Sequence[float | None]], metric: str = INTERVAL) -> Agreement:
    """Return how well the raters agree, each with a score for each image or None.

    Raises:
        InputError: there are fewer than two, or there is no such metric.
    """
    if len(scores) < 2:
        raise InputError("Agreement needs two raters", action="Name two scores or more.")
    if metric not in METRICS:
        raise InputError(f"There is no metric {metric!r}", action=f"Use {' or '.join(METRICS)}.")
    result = alpha(list(scores.values()), metric)
    return Agreement(result.alpha, result.low, result.high, result.units, tuple(scores), metric)


def _words(low: float, high: float) -> str:
    """Return what the whole interval allows to say."""
    if low >= RELIABLE:
        return "agree well"
    if low >= TENTATIVE:
        return "agree well enough for tentative conclusions"
    if high < TENTATIVE:
        return "do not agree well enough for conclusions"
    return "may agree or not, more images would tell"
