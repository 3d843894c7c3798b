"""What became of every flag."""

from __future__ import annotations

from typing import Any

from codelog.case.flags import Flag, FlagBook
from tests.case.casekit import make_event, ms


def _raised(flag: int, rule: str = "io-consider", **subject: Any) -> tuple[str, dict[str, Any]]:
    return "flag.raised", {
        "flag": flag,
        "rule": rule,
        "basis": "elapsed",
        "priority": "medium",
        "text": "Consider",
        "evidence": [1],
        "facts": {},
        "unknown": [],
        "alternatives": [],
        "threshold": "90 s",
        "source": "s",
        "due_at": "2001-09-09T01:46:50.000Z",
        **subject,
    }


def _acknowledged(flag: int, action: str = "accepted") -> tuple[str, dict[str, Any]]:
    return "flag.acknowledged", {"flag": flag, "action": action}


def _snoozed(flag: int, seconds: int = 30) -> tuple[str, dict[str, Any]]:
    return "flag.snoozed", {"flag": flag, "seconds": seconds}


def _cleared(flag: int) -> tuple[str, dict[str, Any]]:
    return "flag.cleared", {"flag": flag, "because": "answered", "evidence": [2]}


def _book(*facts: tuple[str, dict[str, Any]]) -> FlagBook:
    """Flags from these events, one a second from second 100 on."""
    book = FlagBook()
    for place, (kind, data) in enumerate(facts):
        book.apply(make_event(kind, data, seq=10 + place, at=100 + place))
    return book


def _only(book: FlagBook) -> Flag:
    (flag,) = book.flags.values()
    return flag


def test_a_flag_is_open_until_it_is_cleared_acknowledged_or_not() -> None:
    assert _only(_book(_raised(1))).open
    assert _only(_book(_raised(1), _acknowledged(1))).open
    assert not _only(_book(_raised(1), _cleared(1))).open


def test_a_flag_keeps_when_it_was_due_and_when_it_was_raised() -> None:
    flag = _only(_book(_raised(1)))

    assert (flag.due_at, flag.raised.at, flag.raised.seq) == (ms(10), ms(100), 10)


def test_an_acknowledgement_ends_a_snooze() -> None:
    flag = _only(_book(_raised(1), _snoozed(1), _acknowledged(1)))

    assert flag.snoozed_until is None
    assert flag.acknowledged is not None
    assert flag.acknowledged.at == ms(102)


def test_a_second_snooze_replaces_the_first() -> None:
    assert _only(_book(_raised(1), _snoozed(1, 300), _snoozed(1, 10))).snoozed_until == ms(112)


def test_a_snooze_after_an_acknowledgement_is_honoured() -> None:
    flag = _only(_book(_raised(1), _acknowledged(1), _snoozed(1)))

    assert flag.acknowledged is None
    assert flag.snoozed_until == ms(132)


def test_a_decline_is_an_acknowledgement_too() -> None:
    assert _only(_book(_raised(1), _acknowledged(1, "declined"))).acknowledged is not None


def test_an_answer_to_a_flag_that_is_not_there_does_nothing() -> None:
    assert _book(_acknowledged(1), _snoozed(2), _cleared(3)).flags == {}


def test_an_answer_to_a_cleared_flag_does_nothing() -> None:
    flag = _only(_book(_raised(1), _cleared(1), _acknowledged(1)))

    assert flag.answers == []
    assert flag.because == "answered"


def test_open_flags_of_one_rule_and_of_all_in_order() -> None:
    book = _book(_raised(1, "timing"), _raised(2), _raised(3), _cleared(2))

    assert [flag.number for flag in book.open_flags()] == [1, 3]
    assert [flag.number for flag in book.open_flags("io-consider")] == [3]
    assert book.open_flags("io-site") == []


def test_all_flags_of_a_rule_and_its_last() -> None:
    book = _book(_raised(1), _raised(2, "timing"), _raised(3), _cleared(3))

    assert [flag.number for flag in book.of_rule("io-consider")] == [1, 3]
    last = book.last_flag("io-consider")
    assert last is not None
    assert last.number == 3
    assert book.last_flag("io-site") is None


def test_the_next_number_counts_cleared_flags_too() -> None:
    assert _book().next_number == 1
    assert _book(_raised(1), _cleared(1)).next_number == 2


def test_a_flag_is_about_an_attempt_or_an_entry() -> None:
    assert _only(_book(_raised(1, attempt=4))).subject == (4, None, None)
    assert _only(_book(_raised(1, entry=7))).subject == (None, 7, None)
