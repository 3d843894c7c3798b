"""Attempts and lines: when one works, what is known of it, and what does not exist."""

from __future__ import annotations

import pytest

from codelog.case.access import Access
from tests.case.casekit import Fact, access_of, amends, begins, ends, lost, ms, removed, retracts, state_of


def _describes(at: float, number: int, **details: object) -> Fact:
    return at, "access.attempt_described", {"attempt": number, **details}


def _present(at: float, number: int, route: str = "piv", **details: object) -> Fact:
    return at, "access.present", {"attempt": number, "route": route, **details}


def _working(*facts: Fact) -> list[object]:
    return list(access_of(*facts).working)


def test_an_attempt_in_progress_does_not_work() -> None:
    access = access_of(begins(1, 1))

    assert not access.working
    assert list(access.in_progress) == [1]


def test_a_line_works_from_the_end_that_established_it() -> None:
    access = access_of(begins(1, 1), ends(5, 1, "established"))

    line = access.working[1]
    assert line.works
    assert line.established is not None
    assert line.established.at == ms(5)
    assert not access.in_progress


@pytest.mark.parametrize("outcome", ["failed", "abandoned"])
def test_an_attempt_without_access_never_works(outcome: str) -> None:
    access = access_of(begins(1, 1), ends(5, 1, outcome))

    assert not access.working
    assert access.attempts[1].without_access


@pytest.mark.parametrize("goes", [lost, removed])
def test_a_line_works_until_it_is_lost_or_removed(goes: object) -> None:
    facts = [begins(1, 1), ends(5, 1, "established")]

    assert _working(*facts) == [1]
    assert _working(*facts, goes(10, 1)) == []  # type: ignore[operator]


def test_a_line_that_was_there_works_from_its_at_and_its_bone_counts_as_tried_before() -> None:
    access = access_of(_present(60, 1, "io", site="tibia_prox", since="0.5 min"))

    line = access.working[1]
    assert line.present
    assert line.established is not None
    assert (line.established.at, line.start.at, line.begun) == (ms(60), ms(60), ms(30))
    assert line.outcome == "established"
    assert line.text("site") == "tibia_prox"


def test_a_line_that_was_there_without_a_since_began_at_its_at() -> None:
    assert access_of(_present(60, 1)).attempts[1].begun == ms(60)


def test_only_the_first_end_of_an_attempt_counts() -> None:
    access = access_of(begins(1, 1), ends(5, 1, "failed"), ends(6, 1, "established"))

    assert access.attempts[1].outcome == "failed"
    assert not access.working


def test_only_the_first_going_of_a_line_counts() -> None:
    access = access_of(begins(1, 1), ends(2, 1, "established"), removed(5, 1), lost(6, 1))

    assert access.attempts[1].gone_by == "removed"
    assert access.episode is None


def test_a_loss_of_what_never_worked_does_nothing() -> None:
    access = access_of(begins(1, 1), lost(2, 1), ends(3, 1, "established"))

    assert list(access.working) == [1]


def test_details_are_taken_from_the_start_and_a_later_value_stands() -> None:
    access = access_of(
        begins(1, 1, "io", site="tibia_prox", side="left"),
        _describes(2, 1, side="right", device="ezio_15"),
        _describes(3, 1, needle_mm=15),
    )

    assert access.attempts[1].details == {
        "site": "tibia_prox",
        "side": "right",
        "device": "ezio_15",
        "needle_mm": 15,
    }


def test_a_detail_said_again_is_known_since_it_was_first_said() -> None:
    access = access_of(
        begins(1, 1, "io", site="tibia_prox"), _describes(9, 1, site="tibia_prox", side="left")
    )

    assert access.attempts[1].known["site"].at == ms(1)
    assert access.attempts[1].known["side"].at == ms(9)


def test_details_said_after_the_end_are_taken_too() -> None:
    access = access_of(begins(1, 1, "io"), ends(2, 1, "failed"), _describes(3, 1, site="femur_dist"))

    assert access.attempts[1].text("site") == "femur_dist"


def test_the_first_confirmation_counts_and_signs_add_up() -> None:
    signs: list[Fact] = [
        (5, "access.confirmed", {"attempt": 1, "signs": ["aspirate"]}),
        (6, "access.confirmed", {"attempt": 1, "signs": ["flush_free", "aspirate"]}),
    ]
    line = access_of(begins(1, 1, "io"), ends(2, 1, "established"), *signs).attempts[1]

    assert line.confirmed is not None
    assert line.confirmed.at == ms(5)
    assert line.signs == ("aspirate", "flush_free")


def test_the_last_check_counts() -> None:
    checks: list[Fact] = [
        (5, "access.checked", {"attempt": 1, "finding": "ok"}),
        (6, "access.checked", {"attempt": 1, "finding": "swelling"}),
    ]
    line = access_of(begins(1, 1, "io"), ends(2, 1, "established"), *checks).attempts[1]

    assert line.checked is not None
    assert (line.checked.at, line.finding) == (ms(6), "swelling")


def test_an_attempt_whose_start_is_retracted_does_not_exist_and_neither_does_what_befell_it() -> None:
    facts = [
        begins(1, 1, "io"),
        ends(2, 1, "established"),
        _describes(3, 1, site="tibia_prox"),
        (4, "access.confirmed", {"attempt": 1, "signs": ["aspirate"]}),
        lost(5, 1),
        retracts(6, 2),
    ]
    access = access_of(*facts)

    assert (access.attempts, access.working, access.episode, access.io_attempts) == ({}, {}, None, [])


def test_an_attempt_whose_start_is_retracted_and_put_back_exists_again() -> None:
    facts = [begins(1, 1, "io"), ends(2, 1, "established"), retracts(6, 2)]

    assert _working(*facts, retracts(7, 4)) == [1]


def test_a_dose_that_names_an_attempt_whose_start_is_retracted_still_exists() -> None:
    dose: Fact = (3, "drug.given", {"drug": "adrenaline", "dose": "1 mg", "route": "io", "attempt": 1})

    state = state_of(begins(1, 1, "io"), ends(2, 1, "established"), dose, retracts(3, 2))

    assert [(given.what, given.attempt) for given in state.given_now] == [("adrenaline", 1)]


def test_an_infusion_that_names_an_attempt_whose_start_is_retracted_still_exists() -> None:
    infusion: Fact = (
        3,
        "infusion.started",
        {"infusion": 1, "fluid": "saline_0_9", "route": "io", "attempt": 1},
    )

    state = state_of(begins(1, 1, "io"), infusion, retracts(4, 2))

    assert [running.number for running in state.running_infusions()] == [1]


def test_the_working_lines_by_route() -> None:
    access = access_of(_present(1, 1, "piv"), _present(2, 2, "io"), _present(3, 3, "uvc"))

    assert [line.number for line in access.working_by("piv", "uvc")] == [1, 3]
    assert [line.number for line in access.working_by("io")] == [2]


def test_since_when_a_venous_line_has_worked_without_a_break() -> None:
    facts = [_present(1, 1, "io"), _present(2, 2, "piv"), _present(3, 3, "uvc")]

    def since(access: Access) -> int | None:
        return None if access.venous_since is None else access.venous_since.at

    assert since(access_of(facts[0])) is None
    assert since(access_of(*facts)) == ms(2)
    assert since(access_of(*facts, lost(5, 2))) == ms(2)
    assert since(access_of(*facts, lost(5, 2), removed(6, 3))) is None


def test_an_end_amended_from_failed_to_established_makes_a_line() -> None:
    assert _working(begins(1, 1), ends(2, 1, "failed"), amends(3, 3, outcome="established")) == [1]
