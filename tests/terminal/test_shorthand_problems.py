"""A line that makes no entry says which word it is about, and what would be right."""

from __future__ import annotations

import pytest

from tests.terminal.shorthandkit import CASES, said

WRONG: list[tuple[str, str, str, str]] = [
    # case, line, the word, what the sentence must say
    ("new", "zzz", "zzz", "begins no entry"),
    ("new", "piv r hnd", "hnd", "did you mean hand?"),
    ("new", "piv r hand 24g failed vein blwn ", "blwn", "did you mean blown?"),
    ("new", "adrenalin3 0.1mg", "adrenalin3", "did you mean adrenaline"),
    ("new", "piv l r", "r", "a side was said already"),
    ("new", "hr 60 hr 80", "hr", "heart rate was said already"),
    ("new", "ppv -2m -3m", "-3m", "how long ago, such as -2m was said already"),
    ("new", "adr 5mcg io", "5mcg", "write 5ug"),
    ("new", "adr 5µg io", "5µg", "write 5ug"),
    ("new", "adr 5mcg/kg/min io", "5mcg/kg/min", "write 5ug/kg/min"),
    ("new", "saline 20cc io", "20cc", "write 20mL"),
    ("new", "saline 20 cc io", "cc", "write 20mL"),
    ("new", "adr 0.03 io", "0.03", "has no unit"),
    ("new", "adr 0,03mg io", "0,03mg", "write 0.03mg"),
    ("new", "adr .03mg io", ".03mg", "write 0.03mg"),
    ("new", "adr 0.03m io", "0.03m", "has no unit"),
    ("new", "adr 5min io", "5min", "could stand here"),
    ("new", "adr 123456789mg io", "123456789mg", "too many digits"),
    ("new", "adr 0.2/kg io", "0.2/kg", "write 0.2mg/kg or 0.2mL/kg"),
    ("new", "adr 0.0079/kg io", "0.0079/kg", "write 0.0079mg/kg"),
    ("new", "glucose 2/kg iv", "2/kg", "write 2g/kg or 2mL/kg"),
    ("new", "dopamine 5/kg io", "5/kg", "or a rate"),
    ("unknown", "adr 0.02/kg io", "0.02/kg", "the weight is not known"),
    ("unknown", "saline 10mL/kg io", "10mL/kg", "the weight is not known"),
    ("new", "adr 0.1mg 0.02/kg io", "0.02/kg", "a dose is said already"),
    ("new", "saline 5mg io", "5mg", "10mL/kg"),
    ("new", "saline 10/kg over 0m io", "over 0m", "such as 5m"),
    ("new", "saline 10/kg over 5m 12ml/h io", "over 5m", "a rate is said already"),
    ("new", "adr 0.1ug/kg/min io flush 3ml", "flush 3ml", "no flush"),
    ("new", "glucose 10mL over 5m 0.1g/mL iv", "0.1g/mL", "leave out the strength"),
    ("new", "glucose 1g 10mL over 5m iv", "1g", "leave out the dose"),
    ("trying io", "failed no flow because of her", "because", "was said already"),
    ("line", "adr 0.02/kg iv #1", "#1", "leave out the number or the route"),
    ("line", "adr 0.02/kg #7", "#7", "is not a line"),
    ("trying", "adr 0.02/kg #1", "#1", "is not a line"),
    ("new", "failed vein blown", "failed", "no attempt is in progress"),
    ("trying", "failed #4", "#4", "is not one of PIV 1"),
    ("trying", "failed no flow", "no", "not found or no thread"),
    ("new", "signs aspirate", "signs", "no line is in place"),
    ("new", "lost dislodged", "lost", "no line is in place"),
    ("new", "stop", "stop", "no infusion is running"),
    ("line", "stop #3", "#3", "not a running infusion"),
    ("new", "complication extravasation #9", "#9", "there is no attempt 9"),
    ("new", "piv 13g hand", "13g", "from 14 to 30"),
    ("new", "piv 31g hand", "31g", "from 14 to 30"),
    ("new", "io sternum l", "l", "midline"),
    ("new", "hr 351", "351", "from 0 to 350"),
    ("new", "spo2 101", "101", "from 0 to 100"),
    ("new", "temp 36,5", "36,5", "write 36.5"),
    ("new", "temp 365 hr 60", "365", "from 15 to 45"),
    ("new", "apgar 11@1", "11@1", "from 0 to 10"),
    ("new", "apgar 3@61", "3@61", "from 1 to 60"),
    ("new", "199g", "199g", "from 200 g to 150000 g"),
    ("new", "151kg", "151kg", "from 200 g to 150000 g"),
    ("new", "46w", "46w", "from 20 to 45"),
    ("new", "ppv -25h", "-25h", "24 hours at most"),
    ("new", "ppv -2 start", "-2", "write it like -2m"),
    ("new", "arrest now", "now", "could stand here"),
    ("new", "bic 2mmol iv", "bic", "bicarb 4.2% or bicarb 8.4%"),
    ("new", "osteo no", "osteo", "osteomyelitis"),
    ("new", "p r hand", "p", "piv"),
    ("new", "io prox 15mm", "prox", "prox tibia"),
    ("new", "piv an r", "an", "antecubital"),
    ("two tries", "failed swelling tibia", "tibia", "could stand here"),
]


@pytest.mark.parametrize(("name", "line", "word", "text"), WRONG, ids=[line for _, line, _, _ in WRONG])
def test_that_the_word_that_is_wrong_is_named(name: str, line: str, word: str, text: str) -> None:
    reading = said(line, name)
    problem = reading.problem
    assert problem is not None
    assert not problem.unfinished
    assert text in problem.text
    assert "\n" not in problem.text
    assert line[problem.start : problem.end] == problem.word
    assert problem.word == word
    assert (reading.entries, reading.preview) == ((), ())
    assert reading.line == line


UNFINISHED: list[tuple[str, str, str]] = [
    # case, line, what the sentence must say
    ("new", "adr", "needs a dose"),
    ("new", "adr io", "needs a dose"),
    ("new", "adr 0.02/kg", "say the route"),
    ("new", "adr 0.0", "has no unit"),
    ("new", "adr 0.", "ends with a point"),
    ("new", "adr 0.02/k", "has no unit"),
    ("new", "adr 0.02m", "has no unit"),
    ("two lines", "adr 0.02/kg", "say which one: #2 (PIV 2) or #1 (IO 1)"),
    ("two bones", "adr 0.02/kg io", "say which one: #2 (IO 2) or #1 (IO 1)"),
    ("two tries", "failed", "say which one"),
    ("two lines", "lost dislodged", "say which one"),
    ("drips", "stop", "#1 (saline 0.9 %) or #2 (dopamine)"),
    ("line", "lost", "say why"),
    ("line", "limb", "say what was found"),
    ("line", "signs", "say a sign"),
    ("line", "signs 3ml", "say a sign"),
    ("line", "rate", "say the new rate"),
    ("new", "present", "say the route of the line"),
    ("trying", "detail", "say a detail"),
    ("new", "fracture l tibia", "yes for present or no for absent"),
    ("new", "fracture l yes", "say the bone"),
    ("new", "complication", "say which complication"),
    ("new", "team anna", "say the role"),
    ("new", "kit", "say all"),
    ("new", "kit no", "say all"),
    ("new", "care", "say which care"),
    ("ventilated", "ppv", "goes on already"),
    ("new", "patient", "say what is known"),
    ("new", "hr", "a number such as 60"),
    ("new", "apgar 3@", "the minute is missing"),
    ("new", "temp 3", "from 15 to 45"),
    ("new", "cord", "usable or unusable"),
    ("new", "note", "write the words after note"),
    ("new", "note -2m", "write the words after"),
    ("new", "drug 5mg iv other", "write the words after other"),
    ("new", "saline io over 5m", "say the volume"),
    ("new", "saline 10/kg io over", "a time such as 5m"),
    ("new", "-2m", "say what happened"),
    ("new", "ppv -", "-2m"),
    ("new", "ppv -2", "-2m"),
    ("new", "failed #", "the number is missing"),
    ("new", "io l tibia by", "a name after it"),
    ("new", "p", "piv"),
    ("new", "bicarb", "bicarb 4.2% or bicarb 8.4%"),
    ("new", "io prox", "prox tibia"),
]


@pytest.mark.parametrize(("name", "line", "text"), UNFINISHED, ids=[line for _, line, _ in UNFINISHED])
def test_that_a_line_with_more_to_come_is_told_gently(name: str, line: str, text: str) -> None:
    reading = said(line, name)
    problem = reading.problem
    assert problem is not None
    assert problem.unfinished
    assert text in problem.text
    assert problem.end == len(line)
    assert problem.word in ("", line[problem.start :])
    assert reading.entries == ()


def test_that_the_dose_of_a_bare_number_is_one_of_the_table() -> None:
    for line, right in (
        ("adr 0.01/kg io", True),
        ("adr 0.1/kg io", True),
        ("adr 0.11/kg io", False),
        ("adr 0.11mg/kg io", True),
        ("atropine 0.02/kg io", True),
        ("atropine 0.2/kg io", False),
    ):
        assert (said(line).problem is None) == right, line


def test_that_suggestions_can_be_typed() -> None:
    for name, line in [(name, line) for name, line, *_ in (*WRONG, *UNFINISHED)]:
        problem = said(line, name).problem
        assert problem is not None
        for suggestion in problem.suggestions:
            again = said(line[: problem.start] + f" {suggestion} " + line[problem.end :], name).problem
            assert again is None or again.start >= problem.start + len(suggestion) or again.unfinished, (
                line,
                suggestion,
                again,
            )


def test_that_what_was_typed_is_made_harmless_in_the_sentence() -> None:
    problem = said("piv \x1b[31m\u202e r").problem
    assert problem is not None
    assert problem.text.isprintable()
    assert "\\x1b" in problem.text
    assert CASES["new"].state.access.attempts == {}
