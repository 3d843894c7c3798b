"""Small groups: what would tell one child from all others is told less exactly, until there are others like it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from codelog.case.quantities import Quantity
from codelog.case.state import State

SMALLEST_GROUP = 5
"""A setting, age and gestation that fewer cases of the export share is not told as exactly as that."""

OTHER = "other"
_WEEK, _MONTH, _YEAR = 7, 28, 365
_COARSE_AGES = (0, 28, 365, 6 * 365, 12 * 365)
_COARSE_WEEKS = (22, 28, 32, 37)
_LEAST_WEEKS, _MOST_WEEKS = 24, 42
_GRAMS, _COARSE_GRAMS, _LEAST_GRAMS, _MOST_GRAMS = 100, 500, 500, 100_000
_OLDEST_DAYS = 18 * _YEAR

Profile = tuple[str | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Exactness:
    """How exactly a case is told. `coarse`: in few classes; `settled`: the setting may be told too."""

    coarse: bool = False
    settled: bool = True

    def setting(self, setting: str) -> str:
        """The setting, or `other`."""
        return setting if self.settled else OTHER

    def age_days(self, age: int) -> int:
        """The first day of the class of an age: weeks, months and years of life."""
        age = min(age, _OLDEST_DAYS)
        if self.coarse:
            return _floor(age, _COARSE_AGES)
        step = _WEEK if age < _MONTH else _MONTH if age < _YEAR else _YEAR
        return age - age % step

    def gestation_weeks(self, weeks: int) -> int:
        """The first week of the class of a gestation; the extremes are one class each."""
        if self.coarse:
            return _floor(weeks, _COARSE_WEEKS)
        return max(_LEAST_WEEKS, min(weeks, _MOST_WEEKS))

    def weight(self, weight: Quantity) -> Quantity:
        """The weight to the nearest 100 g, or 500 g where that is told less exactly."""
        grams, step = weight.to("g"), _COARSE_GRAMS if self.coarse else _GRAMS
        nearest = int((grams / step).to_integral_value(ROUND_HALF_UP)) * step
        return Quantity(Decimal(max(_LEAST_GRAMS, min(nearest, _MOST_GRAMS))), "g")

    def profile(self, state: State) -> Profile:
        """What tells a case from others, as exactly as this."""
        opened = state.opened
        age, weeks = state.value("age_days"), state.value("gestation_weeks")
        return (
            None if opened is None else self.setting(opened.setting),
            None if age is None else self.age_days(age),
            None if weeks is None else self.gestation_weeks(weeks),
        )


LEVELS = (Exactness(), Exactness(coarse=True), Exactness(coarse=True, settled=False))
"""From the most exact to the least."""


class Groups:
    """How many cases of an export are alike, at every level."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[Exactness, Profile]] = Counter()

    def count(self, state: State) -> None:
        """A case of the export."""
        self._counts.update((level, level.profile(state)) for level in LEVELS)

    def exactness(self, state: State) -> Exactness:
        """The most exact level at which a case is one of enough; the last one when none is."""
        for level in LEVELS:
            if self._counts[level, level.profile(state)] >= SMALLEST_GROUP:
                return level
        return LEVELS[-1]


def _floor(value: int, classes: Iterable[int]) -> int:
    classes = tuple(classes)
    return max((least for least in classes if least <= value), default=classes[0])
