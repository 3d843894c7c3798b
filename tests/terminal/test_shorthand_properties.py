"""Any text can be typed; what is offered leads on; and no phrase says two things."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codelog.case.events import read_data
from codelog.debrief.plain import plain
from codelog.terminal.shorthand import Reading
from tests.case.event_strategies import HOSTILE
from tests.terminal.shorthandkit import CASES, said, tables
from tests.terminal.test_shorthand_lines import LINES

WORDS = sorted({word for _, line, _ in LINES for word in line.split()})
NAMES = st.sampled_from(sorted(CASES))
FRAGMENTS = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).flatmap(lambda word: st.integers(1, len(word)).map(lambda n: word[:n])),
    st.sampled_from(("#1", "#", "-2m", "-", "0.", "1:", "/kg", "@", "9" * 30, "other", "because", "over")),
    st.text(max_size=6),
    st.sampled_from(HOSTILE),
)
TYPED = st.one_of(st.text(max_size=40), st.lists(FRAGMENTS, max_size=8).map(" ".join))


def sound(reading: Reading, line: str) -> None:
    """What holds of every reading."""
    assert reading.line == line
    assert (reading.problem is None) or not reading.entries
    assert bool(reading.entries) == bool(reading.preview)
    assert (reading.problem is None and not reading.entries) == (not line.strip())
    if reading.problem is not None:
        problem = reading.problem
        assert line[problem.start : problem.end] == problem.word
        assert problem.text
        assert plain(problem.text) == problem.text
    assert all(plain(sentence) == sentence for sentence in reading.preview)
    for entry in reading.entries:
        filled = {"attempt": 1} if entry.kind.startswith("access.") and entry.kind != "access.needed" else {}
        filled |= {"infusion": 1} if entry.kind.startswith("infusion.") else {}
        read_data(entry.kind, filled | dict(entry.data), tables().vocabulary())


@settings(max_examples=250, deadline=None)
@given(line=TYPED, name=NAMES)
def test_that_any_text_is_read_and_none_raises(line: str, name: str) -> None:
    sound(said(line, name), line)


def leads_on(line: str, name: str) -> None:
    """Every completion of a line gives one that is read, or that can be gone on with."""
    reading = said(line, name)
    for completion in reading.completions:
        completed = reading.completed(completion)
        assert completed.startswith(line[: reading.typing])
        problem = said(completed.rstrip(), name).problem
        assert (
            problem is None
            or problem.unfinished
            or problem.start < reading.typing
            or said(completed, name).completions
        ), (line, completion, problem)
        if problem is not None and not problem.unfinished:
            # What is wrong was so before, or concerns the case; never a word that the completion brought.
            typed = completed[problem.start : problem.end]
            assert "not known here" not in problem.text, (line, completion, problem, typed)


@pytest.mark.parametrize("name", sorted(CASES))
def test_that_what_is_offered_first_leads_on(name: str) -> None:
    leads_on("", name)


@pytest.mark.parametrize("letter", "abcdefghijklmnopqrstuvwxyz01#-")
def test_that_what_is_offered_after_a_letter_leads_on(letter: str) -> None:
    leads_on(letter, "line")
    assert all(word.startswith(letter) for word in said(letter, "line").completions)


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, line, _ in LINES])
def test_that_every_beginning_of_a_line_leads_on(name: str, line: str) -> None:
    for end in range(1, len(line) + 1):
        reading = said(line[:end], name)
        sound(reading, line[:end])
        if reading.problem is not None:
            assert "not known here" not in reading.problem.text or reading.problem.unfinished, (
                line[:end],
                reading.problem,
            )
    for count in range(1, len(line.split()) + 1):
        leads_on(" ".join((*line.split()[:count], "")), name)


@settings(max_examples=80, deadline=None)
@given(line=TYPED, name=NAMES)
def test_that_every_completion_leads_on(line: str, name: str) -> None:
    leads_on(line, name)


@pytest.mark.parametrize("name", sorted(CASES))
def test_that_no_verb_means_two_things(name: str) -> None:
    for completion in said("", name).completions:
        problem = said(completion, name).problem
        assert problem is None or " could be " not in problem.text, problem
