"""Text from people is kept byte for byte and shown harmlessly, whatever is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.widgets import Input

from codelog.case.events import KINDS, NoteAdded, read_data
from codelog.clinical.tables import load_tables
from codelog.debrief.plain import plain
from codelog.debrief.wording import _WRITERS, describe
from codelog.terminal.rows import Row
from codelog.terminal.widgets.timeline import Timeline, wrapped
from tests.terminal.termkit import OPENED, terminal

HOSTILE = (
    "[/b] [red]x[/red] [link=x]",
    "\x1b[2J\x1b]0;owned\x07",
    "abc\u202egnp.exe\u2066",
    "a\tb\nc\rd",
    "e\u0301" * 50 + "漢字👩‍⚕️",
    "$error {0} %s \\",
)


@pytest.mark.parametrize("text", HOSTILE)
async def test_that_a_hostile_note_is_kept_and_shown_harmlessly(text: str, tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("t")
        t.live.query_one("#line", Input).value = text
        await t.keys("enter")
        await t.settled()
        note = t.stored()[OPENED].data
        assert isinstance(note, NoteAdded)
        assert note.text == text
        timeline = t.live.query_one(Timeline)
        painted = "".join(timeline.render_line(y).text for y in range(timeline.size.height))
        assert not any(ord(c) < 32 or c in "\u202e\u2066\x7f" for c in painted)
        for word in plain(f"Note: {text}").split():
            assert word in painted.replace("\n", "") or len(word) > 50


async def test_that_a_megabyte_of_note_does_no_harm(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        session = t.live.session
        session.submit("note.added", {"text": "x" * 1_000_000}, t.live.scribe.press)
        t.live._paint()
        await t.settled()
        assert "more characters" in t.timeline()[-1]
        note = t.stored()[-1].data
        assert isinstance(note, NoteAdded)
        assert len(note.text) == 1_000_000


async def test_that_letters_go_into_an_open_note_visibly_and_f_keys_still_act(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("t")
        assert "NOTE: letters go into the line" in t.text("#message")
        await t.keys("p", "i", "f1")
        assert t.live.sheet == "help"
        await t.keys("enter")
        await t.settled()
        assert t.kinds(OPENED) == ["note.added"]
        assert "NOTE" not in t.text("#message")
        await t.keys("t", "enter", "v")
        await t.settled()
        assert t.kinds(OPENED) == ["note.added", "care.started"]


@settings(deadline=None)
@given(st.text())
def test_that_plain_text_has_nothing_hidden(text: str) -> None:
    shown = plain(text)
    assert all(c.isprintable() or c in "\u200c\u200d" or c.isspace() and c not in "\r\n\t" for c in shown)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_that_ordinary_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_that_long_text_is_cut_with_a_count() -> None:
    assert plain("x" * 10, 4) == "xxxx... (6 more characters)"


@settings(deadline=None)
@given(st.text(), st.text(), st.integers(20, 100))
def test_that_wrapped_lines_fit_and_lose_no_word(words: str, after: str, width: int) -> None:
    words, after = plain(words), plain(after)
    lines = wrapped(words, after, width)
    assert all(cell_len(one + other) <= width for one, other in lines)
    assert "".join("".join(one) for one, _ in lines).replace(" ", "") == "".join(words.split())
    assert "".join("".join(other) for _, other in lines).replace(" ", "") == "".join(after.split())


async def test_that_a_changed_row_moves_only_those_after_it(tmp_path: Path) -> None:
    def row(words: str) -> Row:
        return Row("#1", "0:00", words)

    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        timeline = t.live.query_one(Timeline)
        timeline.show([row("one"), row("two"), row("three")])
        timeline.change(1, row("long " * 40))
        timeline.change(2, row("end"))
        timeline.change(1, row("short"))
        assert [line.words for line in timeline._lines] == ["one", "short", "end"]
        assert timeline._starts == [0, 1, 2]


SENTENCES: dict[str, tuple[dict[str, Any], str]] = {
    "access.lost": ({"attempt": 3, "reason": "infiltrated"}, "Line 3 lost: infiltrated"),
    "access.attempt_started": (
        {
            "attempt": 2,
            "route": "io",
            "site": "tibia_prox",
            "side": "left",
            "device": "ezio_15",
            "needle_mm": 15,
        },
        "IO attempt 2 started: left proximal tibia, EZ-IO 15 mm (pink), needle 15 mm",
    ),
    "drug.given": (
        {"drug": "adrenaline", "dose": "0.034 mg", "route": "io", "attempt": 2, "volume": "0.34 mL"},
        "Adrenaline (epinephrine) 0.034 mg (0.34 mL) by IO (line 2)",
    ),
    "condition.noted": (
        {"condition": "fracture", "present": False, "bone": "tibia", "side": "left"},
        "Fracture absent: left tibia",
    ),
    "vital.recorded": (
        {"apgar": 3, "apgar_minute": 5, "temperature": "36.1 Cel"},
        "Temperature 36.1 °C, Apgar 3 at 5 min",
    ),
    "event.amended": (
        {"target": 3, "changes": {"text": None, "side": "left"}, "reason": "wrong side"},
        "#3 amended: text removed, side left (wrong side)",
    ),
    "clock.stepped": (
        {"wall_ms": -90_000},
        "The wall clock of this machine jumped back by 1:30.000; the case's time did not",
    ),
    "flag.cleared": (
        {"flag": 1, "because": "condition_ended", "evidence": []},
        "Flag 1 cleared: no longer so",
    ),
}


@pytest.mark.parametrize("kind", SENTENCES)
def test_that_an_event_is_one_plain_sentence(kind: str) -> None:
    data, sentence = SENTENCES[kind]
    tables = load_tables()
    assert describe(read_data(kind, data, tables.vocabulary()), tables) == sentence


def test_that_every_kind_has_a_sentence() -> None:
    assert _WRITERS.keys() == set(KINDS.values())
