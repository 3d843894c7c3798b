"""A whole published case as it is typed: `blood-loss-at-birth`, every line of it."""

from __future__ import annotations

from dataclasses import dataclass

from codelog.case.instants import parse_elapsed

NAME = "blood-loss-at-birth"


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys pressed at an instant (milliseconds from zero), and how many entries they make."""

    at: int
    keys: tuple[str, ...]
    makes: int


def at(instant: str, *keys: str, makes: int = 1) -> Typed:
    """Keys at an instant, as a scenario writes it."""
    return Typed(parse_elapsed(instant), keys, makes)


def line(instant: str, words: str) -> Typed:
    """An entry as a line of words."""
    return at(instant, ":", *words, "enter")


def note(instant: str, words: str) -> Typed:
    """A note."""
    return at(instant, "t", *words, "enter")


def mended(instant: str, rows: int, field: int, was: str, now: str, *why: str) -> Typed:
    """A field of an entry, so many rows up, is typed anew over what it was; the choice of the field is a digit."""
    opened = (*["up"] * rows, "enter", str(field))
    return at(instant, *opened, *["backspace"] * len(was), *now, "enter", *(why or "4"))


CASE = (
    at("0:00", "n", "1", "1", "1", "2", "enter", "enter", "enter"),
    mended("0:00", 1, 6, "", "Emergency caesarean after blood loss: the need for blood is seen late"),
    line("0:05", "team doctor uvc no io yes"),
    mended("0:05", 1, 3, "doctor 1", "registrar 1"),
    mended("0:05", 2, 4, "doctor", "team_leader"),
    line("0:20", "39w 2900g estimated cord usable"),
    at("0:30", "v"),
    at("1:30", "m"),
    at("1:35", "r"),
    line("2:00", "need emergent because adrenaline"),
    line("2:05", "adr 0.2mg ett"),
    line("2:10", "uvc umbilical catheter by registrar 1"),
    at("2:20", "f5", "1"),
    line("4:20", "failed because does_not_advance"),
    at("4:35", "i", "2", "1", makes=3),
    mended("4:35", 3, 8, "", "anaesthetist 1"),
    at("5:00", "e"),
    line("5:10", "adr 0.06mg 0.6mL 1mg/mL flush 3mL"),
    mended("5:25", 4, 7, "1 mg/mL", "0.1 mg/mL", "5", *"ampoule read back", "enter"),
    line("5:40", "signs firm aspirate flushes 3mL"),
    at("5:50", "g", "1", "1"),
    line("8:30", "adr 0.06mg flush 3mL"),
    line("10:00", "stop 29mL"),
    note("14:00", "Obstetric team tells of the blood loss; baby white. Blood asked for."),
    line("14:10", "adr 0.06mg flush 3mL"),
    at("14:30", "g", "4", "1"),
    at("16:40", "r"),
    line("16:45", "cpr stop result heart rate 90"),
    line("18:00", "stop 29mL"),
    at("18:30", "g", "4", "1"),
    at("21:00", "k", "1", makes=2),
    line("24:00", "stop 29mL"),
    at("25:00", "w", "5", "1"),
    line("25:30", "team doctor uvc yes"),
    mended("25:30", 1, 3, "doctor 1", "consultant 1"),
    mended("25:30", 2, 4, "doctor", "neonatologist"),
    line("26:00", "uvc umbilical catheter by consultant 1"),
    at("31:00", "e"),
    line("34:00", "removed #2 because umbilical line in place"),
    at("40:00", "f10", "enter", "1"),
    mended("40:00", 1, 4, "", "To the neonatal unit. Died at two days of age."),
)
