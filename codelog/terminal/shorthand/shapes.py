"""What can be said in figures: amounts, times, counts. A shape reads one word, or a number and its unit as two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from codelog.case.instants import HOUR, MINUTE, SECOND
from codelog.case.quantities import UNITS, Quantity, dimension_of, ucum_for
from codelog.terminal.acts.doses import rounded

NUMBER = r"[0-9]{1,7}(?:\.[0-9]{1,6})?"
TIME_UNITS = {"m": "min", "mins": "min", "sec": "s", "hr": "h"}

_BY_SPELLING = {unit.casefold(): unit for unit in UNITS}
_AMOUNT = re.compile(rf"({NUMBER})((?:[^0-9.,]\S*)?)")
_ALMOST = re.compile(r"(?:([0-9]*),|\.)([0-9]+)([^0-9.,]*)")
_DIGITS = re.compile(r"[0-9.]{8,}\S*")
_AGO = re.compile(r"-(?:([0-9]{1,4})(s|sec|m|min|h)|([0-9]{1,4}):([0-5][0-9]))", re.IGNORECASE)
_AGO_MS = {"s": SECOND, "sec": SECOND, "m": MINUTE, "min": MINUTE, "h": HOUR}
_LONGEST_AGO = 24 * HOUR


class Misread(ValueError):
    """A word is almost of a shape; the message says what would be right. `unfinished`: more digits or letters may do."""

    def __init__(self, message: str, *, unfinished: bool = False) -> None:
        super().__init__(message)
        self.unfinished = unfinished


@dataclass(frozen=True, slots=True)
class Shape:
    """A form of figures, with an example of it."""

    example: str

    def read(self, text: str) -> Any:
        """The value; None where the text is of another form; Misread where it is almost of this one."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Amount(Shape):
    """A quantity of these dimensions. Units are read in any case; `spellings` are further ones that are safe here."""

    dimensions: tuple[str, ...]
    spellings: Mapping[str, str] = field(default_factory=dict)

    def read(self, text: str) -> Quantity | None:
        """The quantity."""
        match = _AMOUNT.fullmatch(text)
        if match is None:
            _refuse_number(text)
            return None
        number, unit = match[1], match[2].casefold()
        known = self.spellings.get(unit) or _BY_SPELLING.get(unit)
        if known is not None and dimension_of(known) in self.dimensions:
            return Quantity(Decimal(number), known)
        if known is None:
            self._refuse_unit(number, match[2])
        elif self._begun(unit):
            raise Misread(f"{text} is not enough; write it like {self.example}", unfinished=True)
        return None

    def _refuse_unit(self, number: str, unit: str) -> None:
        meant = ucum_for(unit.replace("MCG", "mcg").replace("CC", "cc"))
        if meant is not None:
            raise Misread(f"{unit} is not a unit here; write {number}{meant}")
        if self._begun(unit.casefold()):
            raise Misread(f"{number} has no unit; write it like {self.example}", unfinished=True)

    def _begun(self, unit: str) -> bool:
        units = (known for known in UNITS if dimension_of(known) in self.dimensions)
        return any(spelling.casefold().startswith(unit) for spelling in (*units, *self.spellings))


@dataclass(frozen=True, slots=True)
class Strength(Amount):
    """A concentration, also as `1:10000` (grams in millilitres)."""

    def read(self, text: str) -> Quantity | None:
        """The concentration."""
        if text == "1:":
            raise Misread("the strength is not complete; write it like 1:10000", unfinished=True)
        ratio = re.fullmatch(r"1:([1-9][0-9]{0,6})", text)
        if ratio is None:
            return Amount.read(self, text)
        return Quantity(rounded(Decimal(1000) / int(ratio[1])), "mg/mL")


@dataclass(frozen=True, slots=True)
class PerKg(Shape):
    """A number per kilogram without its unit: `0.02/kg`."""

    def read(self, text: str) -> Decimal | None:
        """The number."""
        match = re.fullmatch(rf"({NUMBER})/kg", text, re.IGNORECASE)
        if match is None and re.fullmatch(rf"{NUMBER}/k?", text, re.IGNORECASE):
            raise Misread(f"{text} has no unit; write it like {self.example}", unfinished=True)
        return None if match is None else Decimal(match[1])


@dataclass(frozen=True, slots=True)
class Count(Shape):
    """A number from `least` to `most`, with or without a `unit` after it; `places` after the point."""

    what: str
    least: int
    most: int
    unit: str = ""
    places: int = 0
    unit_needed: bool = False

    def read(self, text: str) -> Decimal | None:
        """The number."""
        said = text.casefold()
        if self.unit and said.endswith(self.unit):
            said = said.removesuffix(self.unit)
        elif self.unit_needed:
            begun = said.rstrip(self.unit)
            if re.fullmatch(r"[0-9]{1,7}", begun) and self.unit.startswith(said.removeprefix(begun)):
                raise Misread(f"{text} has no unit; write it like {self.example}", unfinished=True)
            return None
        if self.places:
            _refuse_number(said)
        point = rf"(?:\.[0-9]{{1,{self.places}}})?" if self.places else ""
        if not re.fullmatch(rf"[0-9]{{1,7}}{point}", said):
            return None
        value = Decimal(said)
        if not self.least <= value <= self.most:
            raise Misread(
                f"{self.what} is a number from {self.least} to {self.most}, not {said}",
                unfinished=not self.unit_needed and value < self.least,
            )
        return value


@dataclass(frozen=True, slots=True)
class Apgar(Shape):
    """A score, with the minute at which it was given: `3@1`."""

    score: Count
    minute: Count

    def read(self, text: str) -> tuple[int, int | None] | None:
        """The score and the minute; None for a minute that is not said."""
        said, at, minute = text.partition("@")
        score = self.score.read(said)
        if score is None:
            return None
        if at and not minute:
            raise Misread(f"the minute is missing; write it like {self.example}", unfinished=True)
        counted = self.minute.read(minute) if at else None
        if at and counted is None:
            return None
        return int(score), None if counted is None else int(counted)


@dataclass(frozen=True, slots=True)
class Numbered(Shape):
    """The number of an attempt or an infusion: `#2`."""

    def read(self, text: str) -> int | None:
        """The number."""
        if text == "#":
            raise Misread(f"the number is missing; write it like {self.example}", unfinished=True)
        match = re.fullmatch(r"#([1-9][0-9]{0,6})", text)
        return None if match is None else int(match[1])


@dataclass(frozen=True, slots=True)
class Ago(Shape):
    """How long before now: `-2m`, `-90s`, `-1:30`."""

    def read(self, text: str) -> int | None:
        """Milliseconds."""
        match = _AGO.fullmatch(text)
        if match is not None:
            if match[1]:
                span = int(match[1]) * _AGO_MS[match[2].casefold()]
            else:
                span = int(match[3]) * MINUTE + int(match[4]) * SECOND
            if span > _LONGEST_AGO:
                raise Misread("an entry can be put back by 24 hours at most")
            return span
        if re.fullmatch(r"-[0-9]{0,4}:?[0-9]?(?:se|mi)?", text, re.IGNORECASE):
            raise Misread(f"{text} has no unit; write it like {self.example}, -90s or -1:30", unfinished=True)
        return None


def _refuse_number(text: str) -> None:
    almost = _ALMOST.fullmatch(text)
    if almost is not None:
        right = f"{almost[1] or '0'}.{almost[2]}{almost[3]}"
        how = "with a point" if "," in text else "with a zero before the point"
        raise Misread(f"{text} can be misread; write {right}, {how}")
    if re.fullmatch(r"[0-9]{1,7}\.", text):
        raise Misread(f"{text} ends with a point; write the digits after it", unfinished=True)
    if _DIGITS.fullmatch(text):
        raise Misread("the number has too many digits; write fewer")
