"""What the live scribe is refused, and what is kept although it contradicts the record."""

from __future__ import annotations

from typing import Any

import pytest

from codelog.case.admission import Known, Refused, check, complete, next_attempt, next_infusion
from codelog.case.corrections import corrected
from codelog.case.events import AttemptStarted, Data
from codelog.case.flags import FlagBook
from codelog.case.state import fold
from tests.case.casekit import VOCABULARY, Fact, amends, begins, ends, make_stream, ms, retracts

CLOSE: Fact = (50, "case.closed", {"outcome": "recovered"})


def _admit(kind: str, data: dict[str, Any], *facts: Fact, at: float = 60, strict: bool = False) -> Data:
    """The data as it would be entered after the facts."""
    events = make_stream(*facts)
    known = Known(events, fold(corrected(events)), FlagBook())
    completed = complete(kind, data, known, VOCABULARY)
    check(completed, ms(at), known, VOCABULARY, strict=strict)
    return completed


def _refuse(words: str, kind: str, data: dict[str, Any], *facts: Fact) -> None:
    with pytest.raises(Refused) as caught:
        _admit(kind, data, *facts)
    assert words in str(caught.value)


def _infuses(at: float, number: int) -> Fact:
    return at, "infusion.started", {"infusion": number, "fluid": "saline_0_9", "route": "iv"}


CONTRADICTIONS: list[tuple[str, dict[str, Any], list[Fact]]] = [
    ("access.attempt_ended", {"attempt": 7, "outcome": "failed"}, []),
    ("access.attempt_ended", {"attempt": 1, "outcome": "failed"}, [begins(1, 1), ends(2, 1, "failed")]),
    ("access.attempt_ended", {"attempt": 1, "outcome": "failed"}, [begins(90, 1)]),
    ("access.attempt_started", {"attempt": 1, "route": "io"}, [begins(1, 1)]),
    ("access.lost", {"attempt": 1, "reason": "other"}, [begins(1, 1)]),
    ("infusion.stopped", {"infusion": 3}, []),
    ("note.added", {"text": "a"}, [CLOSE]),
]


@pytest.mark.parametrize(("kind", "data", "facts"), CONTRADICTIONS)
def test_a_contradiction_is_kept_live_and_refused_in_a_scenario(
    kind: str, data: dict[str, Any], facts: list[Fact]
) -> None:
    assert _admit(kind, data, *facts).KIND == kind
    with pytest.raises(Refused):
        _admit(kind, data, *facts, strict=True)


@pytest.mark.parametrize("kind", ["flag.raised", "flag.cleared", "clock.stepped"])
def test_what_the_program_writes_cannot_be_entered(kind: str) -> None:
    _refuse("is written by the program", kind, {})


def test_what_the_program_fills_in_cannot_be_entered() -> None:
    _refuse("set by the program", "case.closed", {"outcome": "died", "events": 3})


@pytest.mark.parametrize("kind", ["event.amended", "event.retracted"])
def test_a_correction_of_an_entry_that_is_not_there(kind: str) -> None:
    data: dict[str, Any] = {"target": 9, "reason": "r"} | (
        {"changes": {"at": "x"}} if kind == "event.amended" else {}
    )

    _refuse("there is no entry 9 to correct", kind, data)


def test_an_amendment_without_changes() -> None:
    _refuse("changes is empty", "event.amended", {"target": 1, "changes": {}, "reason": "r"})


def test_an_answer_to_a_flag_that_is_not_open() -> None:
    _refuse("flag 1 is not open", "flag.acknowledged", {"flag": 1, "action": "accepted"})
    _refuse("no flag of the rule 'io-site' is open", "flag.snoozed", {"rule": "io-site", "seconds": 30})


def test_an_id_that_is_in_no_list() -> None:
    _refuse("did you mean adrenaline?", "drug.given", {"drug": "adrenalin", "dose": "1 mg", "route": "iv"})


def test_text_that_could_not_be_read_again() -> None:
    _refuse("NUL", "note.added", {"text": "a\0"})
    _refuse("surrogate", "note.added", {"text": "\ud800"})


def test_a_number_left_out_is_found_live_too() -> None:
    data = _admit("access.attempt_started", {"route": "io"}, begins(1, 1), begins(2, 2))

    assert isinstance(data, AttemptStarted)
    assert data.attempt == 3


def test_the_next_numbers_follow_everything_that_was_ever_entered() -> None:
    assert (next_attempt(make_stream()), next_infusion(make_stream())) == (1, 1)
    assert next_attempt(make_stream(begins(1, 1), retracts(2, 2))) == 2
    assert next_attempt(make_stream(begins(1, 1), amends(2, 2, attempt=4))) == 5
    assert next_infusion(make_stream(_infuses(1, 1), amends(2, 2, infusion=4))) == 5


def test_a_number_of_another_stream_is_not_counted() -> None:
    assert next_attempt(make_stream((1, "access.attempt_started", {"attempt": "t/9", "route": "io"}))) == 1
