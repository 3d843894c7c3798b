"""Scripts to train with: the published cases that ship here, or a scenario file of one's own."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from codelog.case.corrections import corrected
from codelog.case.events import ANSWER_KINDS, CaseOpened, Event
from codelog.case.scenario import Scenario, ScenarioError, read_scenario
from codelog.clinical.protocols import DEFAULT_PROTOCOL, load_protocol
from codelog.clinical.tables import Tables
from codelog.live.replay import replayed_events

LABEL = "training: "
"""What the label of a training case begins with; the name of its script follows."""
_ENDING = ".jsonl"


class ScriptError(ValueError):
    """A script is not there or cannot be played; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Script:
    """A case to be told: its name, what it is about, and what happens in it as corrected."""

    name: str
    title: str
    events: tuple[Event, ...]

    def opening(self, pace: float = 1.0) -> dict[str, Any]:
        """What opens the training case, as JSON: whatever the script is, this is training."""
        first = self.events[0].data
        assert isinstance(first, CaseOpened)
        speed = "" if pace == 1 else f"; the clock ran at {pace:g} times the speed"
        said = {"setting": first.setting, "zero": first.zero, "mode": "training", "place": first.place}
        said |= {"label": f"{LABEL}{self.name}", "text": f"{self.title}{speed}"}
        return {name: value for name, value in said.items() if value is not None}


def shipped_scripts() -> dict[str, bytes]:
    """The published cases by name."""
    folder = resources.files("codelog.terminal") / "training"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(_ENDING)), key=lambda f: f.name)
    return {file.name.removesuffix(_ENDING): file.read_bytes() for file in files}


def load_script(named: str, tables: Tables) -> Script:
    """The published case of a name, or the scenario file at a path; ScriptError where there is neither."""
    shipped = shipped_scripts()
    if named in shipped:
        return read_script(named, shipped[named], tables)
    path = Path(named)
    try:
        return read_script(path.name, path.read_bytes(), tables)
    except FileNotFoundError:
        known = ", ".join(shipped)
        raise ScriptError(f"{named!a} is neither a published case nor a file; there are {known}") from None
    except OSError as error:
        raise ScriptError(f"{named} cannot be read: {error.strerror}") from None
    except ScenarioError as error:
        raise ScriptError(f"{named}: {error}") from None


def script_of(label: str | None, tables: Tables) -> Script | None:
    """The published case that a case with this label was trained with, if it was."""
    name = (label or "").removeprefix(LABEL)
    shipped = shipped_scripts()
    if label != f"{LABEL}{name}" or name not in shipped:
        return None
    return read_script(name, shipped[name], tables)


def read_script(name: str, content: bytes, tables: Tables) -> Script:
    """Read and play a scenario. How its scribe answered the flags is left out: that is the trainee's to do."""
    scenario = read_scenario(content, tables.vocabulary())
    told = tuple(line for line in scenario.lines if line.kind not in ANSWER_KINDS)
    without_answers = dataclasses.replace(scenario, lines=told)
    played = replayed_events(without_answers, load_protocol(DEFAULT_PROTOCOL), tables)
    events = tuple(corrected(played))
    return Script(name, _title(name, scenario), events)


def _title(name: str, scenario: Scenario) -> str:
    return str(scenario.lines[0].data.get("label", name))


def titles(tables: Tables) -> dict[str, str]:
    """What each published case is about, by name."""
    vocabulary = tables.vocabulary()
    return {
        name: _title(name, read_scenario(content, vocabulary)) for name, content in shipped_scripts().items()
    }
