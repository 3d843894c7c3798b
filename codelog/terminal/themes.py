"""Our own colours: dark, light, and high contrast. Nothing is said by colour alone."""

from __future__ import annotations

from textual.theme import Theme

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

THEMES = (DARK, LIGHT, CONTRAST)
