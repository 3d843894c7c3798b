"""What stands for people, terminals, entries and instants in a de-identified case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from codelog.audit.deidentify.groups import Exactness
from codelog.case.events import Event, Ref, write_data
from codelog.case.vocabulary import WATCHER
from codelog.clinical.tables import Tables

ZERO = 946_684_800_000
"""Case zero of every de-identified case: 2000-01-01T00:00:00.000Z."""

ROLES = (
    *("doctor", "nurse", "midwife", "paramedic", "anaesthetist", "neonatologist", "paediatrician"),
    *("intensivist", "emergency physician", "surgeon", "pharmacist", "respiratory therapist", "technician"),
    *("student", "provider", "team leader", "scribe", "observer", "team"),
)
"""The roles that may be told; every other is `other`."""

OTHER = "other"
_PERSON = "person"
_LARGEST_NUMBER = 9_999
_PEOPLE = (("person", "role"), ("operator", "operator_role"))

Name = tuple[str, int]
"""(terminal, seq) of an event."""


def known_role(role: str) -> str:
    """The role as it may be told."""
    plain = role.strip().lower().replace("_", " ")
    return plain if plain in ROLES else OTHER


@dataclass
class Names:
    """The names of one case: its new id, what `at` becomes, who is who."""

    case: str
    zero: int
    exactness: Exactness
    tables: Tables
    include_text: bool
    terminals: dict[str, str]
    kinds: dict[Name, str]
    entries: dict[Name, int] = field(default_factory=dict)
    _people: dict[str, str] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def instant(self, at: int) -> int:
        """An instant by its distance from case zero."""
        return at - self.zero + ZERO

    def person(self, name: str, role: str = _PERSON) -> str:
        """A role and a number for somebody; the same for the same words."""
        if name == WATCHER:
            return WATCHER
        if name not in self._people:
            self._counts[role] += 1
            self._people[name] = f"{role} {self._counts[role]}"
        return self._people[name]

    def introduce(self, events: Iterable[Event]) -> None:
        """Learn the roles of people before anybody is named."""
        for event in events:
            said = write_data(event.data)
            for person, role in _PEOPLE:
                if said.get(person) and said.get(role):
                    self.person(said[person], known_role(said[role]))

    def entry(self, ref: Ref, terminal: str) -> Ref | None:
        """The new number of an entry that `terminal` names; None where it is not told."""
        name = self.split(ref, terminal)
        number = None if name is None else self.entries.get(name)
        if name is None or number is None:
            return None
        return number if name[0] == terminal else f"{self.terminals[name[0]]}/{number}"

    def number(self, ref: Ref, terminal: str) -> Ref | None:
        """An attempt, infusion or flag; None where it is no number that a case comes to."""
        name = self.split(ref, terminal)
        if name is None or not 1 <= name[1] <= _LARGEST_NUMBER:
            return None
        return ref if isinstance(ref, int) else f"{self.terminals[name[0]]}/{name[1]}"

    def split(self, ref: Any, terminal: str) -> Name | None:
        """(terminal, number) of a reference; None where the terminal is not one of the case."""
        if isinstance(ref, int):
            return terminal, ref
        other, _, number = str(ref).rpartition("/")
        return (other, int(number)) if other in self.terminals and number.isdecimal() else None


def terminals_of(terminals: Sequence[str]) -> dict[str, str]:
    """A name for each terminal of a case, in the order of their own, which decides between entries of one instant."""
    return {terminal: f"s{number:02d}" for number, terminal in enumerate(sorted(terminals), 1)}
