"""Our own colours: dark, light, high contrast, and the terminal's own. Nothing is said by colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="codelog-dark",
    primary="#7cc7ff",
    secondary="#9fb4c7",
    accent="#7cc7ff",
    warning="#ffc24b",
    error="#ff7a7a",
    success="#7ddb9a",
    foreground="#e8edf2",
    background="#10151b",
    surface="#18202a",
    panel="#223040",
    dark=True,
    variables={
        "quiet": "#93a4b5",
        "key": "#ffd479",
        "alarm-background": "#a3162a",
        "alarm-foreground": "#ffffff",
        "warn-background": "#5a4300",
        "low-background": "#22394f",
        "footer-key-foreground": "#ffd479",
        "input-selection-background": "#7cc7ff 35%",
    },
)

LIGHT = Theme(
    name="codelog-light",
    primary="#00558f",
    secondary="#44566a",
    accent="#00558f",
    warning="#8a5a00",
    error="#b00020",
    success="#00662b",
    foreground="#10151b",
    background="#ffffff",
    surface="#f0f3f6",
    panel="#dde4ea",
    dark=False,
    variables={
        "quiet": "#52616f",
        "key": "#7a3d00",
        "alarm-background": "#b00020",
        "alarm-foreground": "#ffffff",
        "warn-background": "#ffe3a3",
        "low-background": "#d5e8f8",
        "footer-key-foreground": "#7a3d00",
    },
)

CONTRAST = Theme(
    name="codelog-contrast",
    primary="#00e5ff",
    secondary="#ffffff",
    accent="#00e5ff",
    warning="#ffff00",
    error="#ff8080",
    success="#00ff66",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#202020",
    dark=True,
    variables={
        "quiet": "#d0d0d0",
        "key": "#ffff00",
        "alarm-background": "#c00000",
        "alarm-foreground": "#ffffff",
        "warn-background": "#4a4a00",
        "low-background": "#003a4a",
        "footer-key-foreground": "#ffff00",
    },
)

# Whether the background is dark or light is not known: the colours are those that can be read on both.
ANSI = Theme(
    name="codelog-ansi",
    ansi=True,
    primary="ansi_default",
    secondary="ansi_default",
    accent="ansi_default",
    warning="ansi_red",
    error="ansi_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables=BUILTIN_THEMES["ansi-dark"].variables
    | {
        "quiet": "ansi_default",
        "key": "ansi_magenta",
        "alarm-background": "ansi_red",
        "alarm-foreground": "ansi_bright_white",
        "warn-background": "ansi_default",
        "low-background": "ansi_default",
        "footer-key-foreground": "ansi_magenta",
    },
)

THEMES = (DARK, LIGHT, CONTRAST, ANSI)


def theme_for(look: str, colours: str | None = None, environment: Mapping[str, str] | None = None) -> str:
    """The name of the theme for a look. `auto` takes the terminal's own colours where it has no more than 16
    (`colours` is "standard"), else light where it says that its background is, else dark.
    """
    if look == "auto" and colours == "standard":
        look = "ansi"
    elif look == "auto":
        background = (environment or {}).get("COLORFGBG", "").rpartition(";")[2]
        look = "light" if background in ("7", "15") else "dark"
    return f"codelog-{look}"
