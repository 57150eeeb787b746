"""What came of the faults, group by group: the table in the README is checked against it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

HEAD = "| what goes wrong | faults tried | survived | creates seen | sent twice | images lost |"
GROUPS = 10  # modules that name one


@dataclass
class Tally:
    """One row. Creates that the service refused do not count: they cost nothing."""

    tried: int = 0
    survived: int = 0
    creates: int = 0
    twice: int = 0
    lost: int = 0

    def told(self, group: str) -> str:
        """Return the row of the table."""
        numbers = (self.tried, self.survived, self.creates, self.twice, self.lost)
        return f"| {group} | {' | '.join(map(str, numbers))} |"

    def agrees(self, row: str) -> bool:
        """Whether a row says the same. How many creates arrive is a matter of chance in part."""
        *_, tried, survived, creates, twice, lost = map(int, re.findall(r"\d+(?= \|)", row))
        exact = (tried, survived, twice, lost)
        near = abs(creates - self.creates) <= max(3, 0.05 * self.creates)
        return near and exact == (self.tried, self.survived, self.twice, self.lost)


@dataclass
class Results:
    """The rows of the table, in the order in which the groups were met."""

    groups: dict[str, Tally] = field(default_factory=dict)

    def of(self, group: str) -> Tally:
        """Return the row of a group."""
        return self.groups.setdefault(group, Tally())


RESULTS = Results()
