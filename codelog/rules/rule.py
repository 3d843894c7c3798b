"""What a rule is: from the state of a case at an instant to what ought to be flagged then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from codelog.case.events import Event, Ref
from codelog.case.flags import CAUTION, Flag, FlagBook, Subject
from codelog.case.instants import format_elapsed
from codelog.case.state import State
from codelog.clinical.protocols import Protocol, Thresholds
from codelog.clinical.tables import Tables

ANSWERED = "answered"
CONDITION_ENDED = "condition_ended"


@dataclass(frozen=True, slots=True)
class View:
    """All that a rule may look at: the corrected state, the flags so far, and the instant."""

    state: State
    flags: FlagBook
    now: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that ought to be flagged now. `renews`: it replaces the flag that is open for the same subject."""

    basis: str
    due_at: int
    priority: str
    attempt: Ref | None = None
    entry: Ref | None = None
    caution: str | None = None
    renews: bool = False
    evidence: tuple[Ref, ...] = ()

    @property
    def subject(self) -> Subject:
        """What the flag is about; one flag per rule and subject is open."""
        return self.attempt, self.entry, self.caution


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why, for people: the sentence to paint, and everything behind it."""

    text: str
    threshold: str
    source: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Ref, ...] = ()
    unknown: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()


class Rule:
    """One rule with the protocol it runs under and its own memory of the entries folded so far.

    The memory (kept by `observe` and `settle`) is a function of the corrected entries alone, so that a rule can be
    made anew and fed again at any time.
    """

    id: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, protocol: Protocol, tables: Tables) -> None:
        self.protocol = protocol
        self.tables = tables

    @property
    def thresholds(self) -> Thresholds:
        """The protocol's numbers."""
        return self.protocol.thresholds

    def observe(self, state: State, event: Event) -> None:
        """An entry has just been taken into `state`."""

    def settle(self, state: State) -> None:
        """All entries so far of one instant are in `state`; may be called again when more of that instant come."""

    def findings(self, view: View) -> list[Finding]:
        """What ought to be flagged at `view.now`, at most one finding per subject."""
        raise NotImplementedError

    def changed(self) -> set[Subject] | None:
        """The subjects whose finding may differ from what it was at the last call; None where all have to be looked at.

        A rule whose findings stay with their entries keeps count here, so that old findings cost nothing.
        """
        return None

    def finding(self, view: View, subject: Subject) -> Finding | None:
        """The finding about one subject, for a rule that keeps count in `changed`."""
        raise NotImplementedError

    def next_due(self, view: View) -> int | None:
        """The next instant after `view.now` at which the rule may come due with no entry made."""
        return None

    def answered(self, view: View, flag: Flag) -> tuple[Ref, ...]:
        """The entries that answer an open flag: what it asks for happened. Empty where nothing does."""
        return ()

    def explain(self, view: View, finding: Finding) -> Reasons:
        """The reasons of a finding that is about to be flagged."""
        raise NotImplementedError


class Changes:
    """Which subjects a rule has to have looked at. A new rule's findings are all news."""

    def __init__(self) -> None:
        self._all = True
        self._subjects: set[Subject] = set()

    def note(self, *, entry: Ref) -> None:
        """The finding about an entry may differ."""
        self._subjects.add((None, entry, None))

    def note_case(self) -> None:
        """The finding about the case as a whole may differ."""
        self._subjects.add((None, None, None))

    def note_all(self) -> None:
        """Every finding may differ."""
        self._all = True

    def take(self) -> set[Subject] | None:
        """What was noted since the last call; None for everything."""
        subjects = None if self._all else self._subjects
        self._all, self._subjects = False, set()
        return subjects


def caution_facts(caution: str) -> dict[str, str]:
    """The fact by which flags of one attempt are told apart."""
    return {CAUTION: caution}


def clock(instant: int, state: State) -> str:
    """An instant as it is painted: time from case zero, in whole seconds."""
    return format_elapsed(instant - state.zero, millis=False)
