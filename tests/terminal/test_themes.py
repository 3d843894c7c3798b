"""Colours: which theme a terminal gets, and that what is written can be read in each."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.filter import Monochrome, NoColor
from textual.theme import Theme

from codelog.terminal.config import LOOKS, Config
from codelog.terminal.themes import CONTRAST, DARK, LIGHT, THEMES, theme_for
from tests.terminal.termkit import terminal

READABLE = 4.5
"""The contrast that WCAG 2 asks for at level AA."""


@pytest.mark.parametrize(
    ("look", "colours", "background", "theme"),
    [
        ("auto", "truecolor", None, "dark"),
        ("auto", "256", "15;0", "dark"),
        ("auto", "256", "0;15", "light"),
        ("auto", "truecolor", "0;default;7", "light"),
        ("auto", "truecolor", "", "dark"),
        ("auto", "standard", "0;15", "ansi"),
        ("auto", None, None, "dark"),
        ("dark", "standard", "0;15", "dark"),
        ("contrast", "truecolor", "0;15", "contrast"),
    ],
)
def test_which_theme_a_terminal_gets(
    look: str, colours: str | None, background: str | None, theme: str
) -> None:
    environment = {} if background is None else {"COLORFGBG": background}
    assert theme_for(look, colours, environment) == f"codelog-{theme}"


def test_that_every_look_has_a_theme() -> None:
    assert {theme_for(look) for look in LOOKS} == {theme.name for theme in THEMES}


def luminance(colour: Color) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
def test_that_what_is_written_can_be_read(theme: Theme) -> None:
    found = theme.to_color_system().generate() | theme.variables
    written = ("foreground", "quiet", "key", "primary", "warning", "error", "success")
    pairs = [(word, ground) for word in written for ground in ("background", "surface", "panel")]
    pairs += [("foreground", "warn-background"), ("foreground", "low-background")]
    pairs += [("key", "warn-background"), ("key", "low-background"), ("alarm-foreground", "alarm-background")]
    poor = {
        (word, ground): round(contrast(Color.parse(found[word]), Color.parse(found[ground])), 1)
        for word, ground in pairs
    }
    assert {pair: ratio for pair, ratio in poor.items() if ratio < READABLE} == {}


async def test_that_no_color_leaves_no_colour_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with terminal(tmp_path / "codelog.db", config=Config(theme="dark")) as t:
        await t.open_case()
        t.live.scribe.ago_ms = 120_000
        await t.keys("n", "2")
        await t.until(lambda: t.text("#flag"))
        assert t.app.theme == "codelog-ansi"
        assert any(isinstance(line_filter, NoColor) for line_filter in t.app._filters)
        assert not any(isinstance(line_filter, Monochrome) for line_filter in t.app._filters)
