"""What can be corrected, and what the sentence says of what cannot."""

from __future__ import annotations

from typing import Any

import pytest

from codelog.case.corrections import CorrectionError, check_target
from tests.case.casekit import OPENING, amends, make_event, make_stream, retracts

AMENDMENT = make_stream(amends(5, 1, place="bay 2"))[1]
RETRACTION = make_stream(retracts(5, 1))[1]


def _refuse(target: tuple[str, dict[str, Any]], correction: Any, words: str) -> None:
    with pytest.raises(CorrectionError, match=words):
        check_target(make_event(*target, seq=4), correction.data)


@pytest.mark.parametrize("correction", [AMENDMENT, RETRACTION])
def test_an_answer_to_a_flag_is_not_corrected(correction: Any) -> None:
    _refuse(
        ("flag.acknowledged", {"flag": 1, "action": "accepted"}), correction, "entry 4 is an answer to a flag"
    )
    _refuse(("flag.snoozed", {"flag": 1, "seconds": 30}), correction, "answer the flag again")


@pytest.mark.parametrize("correction", [AMENDMENT, RETRACTION])
def test_a_flag_is_not_corrected(correction: Any) -> None:
    cleared = ("flag.cleared", {"flag": 1, "because": "answered", "evidence": []})

    _refuse(cleared, correction, "entry 4 is a flag, which is neither amended nor retracted")


@pytest.mark.parametrize("correction", [AMENDMENT, RETRACTION])
def test_what_the_program_wrote_of_itself_is_not_corrected(correction: Any) -> None:
    _refuse(("clock.stepped", {"wall_ms": 1000}), correction, "written by the program")


def test_a_correction_is_not_amended_but_may_be_retracted() -> None:
    with pytest.raises(CorrectionError, match="retract it and correct the original again"):
        check_target(AMENDMENT, AMENDMENT.data)

    check_target(AMENDMENT, RETRACTION.data)
    check_target(RETRACTION, RETRACTION.data)


def test_the_opening_is_not_retracted_but_may_be_amended() -> None:
    opening = make_event("case.opened", OPENING)

    with pytest.raises(CorrectionError, match="amend its fields instead"):
        check_target(opening, RETRACTION.data)
    check_target(opening, AMENDMENT.data)


@pytest.mark.parametrize("field", ["protocol", "software"])
def test_what_the_program_fills_in_at_the_opening_is_not_amended(field: str) -> None:
    _refuse(
        ("case.opened", OPENING),
        make_stream(amends(5, 1, **{field: "x"}))[1],
        f"{field} of case.opened is set by the program",
    )


def test_the_count_at_the_close_is_not_amended() -> None:
    _refuse(
        ("case.closed", {"outcome": "died"}), make_stream(amends(5, 1, events=3))[1], "events of case.closed"
    )
