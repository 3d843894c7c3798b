"""The configuration file: read strictly, every fault with its sentence, and never in the way of a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelog.terminal.config import (
    OPTIONS,
    Config,
    config_path,
    config_toml,
    config_values,
    load_config,
    read_config,
)
from tests.terminal.termkit import Terminal, terminal

SIGNS = "choose a letter, F1 to F10, Tab or a sign (: , . ; - + / = ?)"
FAULTS = {
    'theem = "dark"': '1: theem: unknown key; the nearest valid key is "theme".',
    'theme = "drak"': '1: theme: "drak" is not known; the nearest valid word is "dark".',
    "theme = 3": "1: theme: expected text in quotes, found 3.",
    'flash = true\nbell = ["hihg"]': '2: bell: "hihg" is not known; the nearest valid word is "high".',
    'bell = ["high", "high"]': "1: bell: expected each entry once, found one twice.",
    'flash = "yes"': '1: flash: expected true or false, found "yes".',
    "snooze_seconds = []": "1: snooze_seconds: expected 1 to 9 entries, a digit for each, found 0.",
    "ago_seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]": (
        "1: ago_seconds: expected 1 to 9 entries, a digit for each, found 10."
    ),
    "snooze_seconds = [0]": "1: snooze_seconds: expected a list of whole numbers from 1 to 86400, found 0.",
    "snooze_seconds = [86401]": (
        "1: snooze_seconds: expected a list of whole numbers from 1 to 86400, found 86401."
    ),
    "bolus_ml_per_kg = [10, 10]": "1: bolus_ml_per_kg: expected each entry once, found one twice.",
    "bolus_ml_per_kg = [101]": (
        "1: bolus_ml_per_kg: expected a list of whole numbers from 1 to 100, found 101."
    ),
    "bolus_ml_per_kg = [7.5]": (
        "1: bolus_ml_per_kg: expected a list of whole numbers from 1 to 100, found 7.5."
    ),
    f'operator_roles = ["{"x" * 41}"]': "1: operator_roles: expected roles of at most 40 characters.",
    'operator_roles = ["a\\nb"]': '1: operator_roles: expected one line of text, found "a\\nb".',
    "keys = 3": "1: keys: expected a table, found 3.",
    '[kyes]\nfluid = "k"': '1: kyes: unknown key; the nearest valid key is "keys".',
    "\n[keys]\nfluid = 3": "3: keys.fluid: expected text in quotes, found 3.",
    '[keys]\n"attempt.pvi" = "p"': "2: keys.attempt.pvi: there is no such action; the nearest is attempt.piv.",
    '[keys]\nzzz = "p"': "2: keys.zzz: there is no such action; `codelog keys` lists them.",
    '[keys]\n"attempt.piv" = "u"': (
        "2: keys.attempt.piv: u is the key of attempt.uvc (UVC) as well; choose another key for one of the two."
    ),
    '[keys.attempt]\n\npiv = "ctrl+p"': (
        f'3: keys.attempt.piv: "ctrl+p" is not a key that every terminal sends; {SIGNS}.'
    ),
    '[keys]\nundo = "escape"': f'2: keys.undo: "escape" is not a key that every terminal sends; {SIGNS}.',
    '[keys]\nundo = "F11"': f'2: keys.undo: "F11" is not a key that every terminal sends; {SIGNS}.',
    '[keys]\nundo = "é"': f'2: keys.undo: "é" is not a key that every terminal sends; {SIGNS}.',
    '[keys]\nundo = "3"': f'2: keys.undo: "3" is a digit, and digits only describe; {SIGNS}.',
    '[keys]\nundo = "space"': (
        f'2: keys.undo: "space" answers questions and moves, and can do nothing else; {SIGNS}.'
    ),
    '[keys]\nentry.older = "f7"': (
        "2: keys.entry.older: always has the key ↑, which means the same everywhere."
    ),
    "flash = ": "1: not valid TOML: Invalid value.",
}


@pytest.mark.parametrize("written", FAULTS)
def test_that_a_fault_is_told_with_file_line_key_and_what_would_be_right(written: str) -> None:
    config, problems = read_config(written.encode(), "c.toml")
    assert [str(problem) for problem in problems] == [f"c.toml:{FAULTS[written]}"]
    assert config == Config()


def test_that_every_fault_is_told_and_a_file_with_one_counts_for_nothing() -> None:
    config, problems = read_config(b'theme = "light"\nflash = 1\nsnooze = [1]\n', "c.toml")
    assert [(problem.key, problem.line) for problem in problems] == [("flash", 2), ("snooze", 3)]
    assert config.theme == "auto"


@pytest.mark.parametrize(
    ("written", "field", "value"),
    [
        ('theme = "contrast"', "theme", "contrast"),
        ("bell = []", "bell", ()),
        ('bell = ["high", "low"]', "bell", ("high", "low")),
        ("flash = true", "flash", True),
        ("snooze_seconds = [1, 86400]", "snooze_seconds", (1, 86_400)),
        ("ago_seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9]", "ago_seconds", (1, 2, 3, 4, 5, 6, 7, 8, 9)),
        ("bolus_ml_per_kg = [100, 1]", "bolus_ml_per_kg", (100, 1)),
        (f'operator_roles = ["{"x" * 40}"]', "operator_roles", ("x" * 40,)),
    ],
)
def test_that_what_is_right_is_taken(written: str, field: str, value: object) -> None:
    config, problems = read_config(written.encode(), "c.toml")
    assert not problems
    assert getattr(config, field) == value


def test_that_what_is_shown_says_the_same_when_it_is_read() -> None:
    written = """
        theme = "light"
        bell = ["medium"]
        operator_roles = ["a \\"quoted\\" rôle \\\\"]
        [keys]
        drug.adrenaline = "d"
        "drug.other" = "A"
        palette = "?"
        undo = "tab"
        earlier = ";"
    """
    config, problems = read_config(written.encode(), "c.toml")
    assert not problems
    again, problems = read_config(config_toml(config).encode(), "shown.toml")
    assert not problems
    assert config_values(again) == config_values(config)
    shown = config_values(config)
    assert shown["keys"]["drug.other"] == "a"
    assert shown.keys() == {*OPTIONS, "keys"}


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_that_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    config, problems = read_config(content, "c.toml")
    assert not problems or config == Config()
    assert all(str(problem).count("\n") == 0 for problem in problems)


def test_where_the_file_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CODELOG_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config_path().name == "config.toml"
    assert config_path().parent.name == "codelog"
    assert load_config() == (Config(), [])
    monkeypatch.setenv("CODELOG_CONFIG", str(tmp_path / "mine.toml"))
    assert config_path() == tmp_path / "mine.toml"
    assert [problem.text for problem in load_config()[1]] == ["there is no such file"]
    (tmp_path / "mine.toml").write_text("flash = true\n")
    assert load_config()[0].flash


async def choices(t: Terminal, *keys: str) -> list[str]:
    """What the strip offers after some keys."""
    await t.keys(*keys)
    strip = t.live.strip
    assert strip is not None
    return [choice.words for choice in strip.shown]


async def test_that_the_choices_reach_the_questions(tmp_path: Path) -> None:
    config = Config(
        snooze_seconds=(45,), bolus_ml_per_kg=(15,), operator_roles=("registrar",), ago_seconds=(90, 3600)
    )
    async with terminal(tmp_path / "codelog.db", config=config) as t:
        await t.open_case()
        assert await choices(t, "tab") == ["90 s ago", "60 min ago", "another time"] or await choices(
            t, "tab"
        ) == ["90 s", "60 min", "another time"]
        assert "25.5 mL (15 mL/kg)" in await choices(t, "g", "1")
        assert await choices(t, "p", "enter", "enter") == ["registrar"]
        assert await choices(t, "j", "4") == ["registrar"]
        t.live.scribe.ago_ms = 120_000
        await t.keys("n", "2")
        await t.until(lambda: t.text("#flag"))
        assert await choices(t, "f6") == ["45 s"]


async def test_that_a_broken_file_is_told_of_and_a_case_can_be_opened(tmp_path: Path) -> None:
    complaint = "/c.toml:1: theem: unknown key [b]. The defaults hold."
    async with terminal(tmp_path / "codelog.db", complaint=complaint) as t:
        await t.ready()
        assert t.text("#message") == complaint
        await t.open_case()
        assert t.kinds() == ["case.opened", "patient.described"]
