"""The room's side of a case: whatever a scribe has to record can be heard, and nothing of the scribe's own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from codelog.case.events import KINDS, PROGRAM_KINDS, Event, write_data
from codelog.clinical.tables import load_tables
from codelog.debrief.wording import WORDS, label
from codelog.terminal.training.room import LEAD_MS, Room, Sentence, room
from codelog.terminal.training.script import (
    ScriptError,
    load_script,
    read_script,
    script_of,
    shipped_scripts,
    titles,
)
from codelog.terminal.widgets.telling import FRESH_MS, QUIET_MS, telling

TABLES = load_tables()
SILENT = {
    *PROGRAM_KINDS,
    *("case.opened", "flag.acknowledged", "flag.snoozed", "event.amended", "event.retracted"),
    *("case.signed", "debrief.noted", "archive.received"),
}
NUMBERS = {"attempt", "infusion", "events", "clock", "present"}
"""Numbers of the log are not spoken: lines are named by where they are. The others have words of their own."""
OPENED = {"setting": "nicu", "zero": "opened", "mode": "clinical", "label": "Everything at once"}
START = {"site": "tibia_prox", "side": "left", "device": "ezio_15", "gauge": "15 G", "needle_mm": 15}
EVERYTHING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("patient.described", {"age_days": 3, "gestation_weeks": 29, "weight": "1700 g", "sex": "female"}),
    ("patient.described", {"weight": "1750 g", "weight_source": "measured", "cord": "usable", "cooling": False}),
    ("condition.noted", {"condition": "fracture", "bone": "tibia", "side": "right", "present": False}),
    ("team.noted", {"person": "Kim", "role": "nurse", "uvc_experienced": True, "io_experienced": False}),
    ("access.needed", {"urgency": "urgent", "reason": "shock"}),
    ("access.present", {"route": "piv", "site": "foot", "side": "right", "device": "cannula", "since": "12 min"}),
    ("access.attempt_started", {"route": "io", **START, "operator": "Kim", "operator_role": "doctor", "text": "slowly"}),
    ("access.attempt_ended", {"outcome": "abandoned", "reason": "needle_bent"}),
    ("access.attempt_started", {"route": "io"}),
    ("access.attempt_described", {**START, "side": "right", "operator_role": "midwife"}),
    ("access.attempt_ended", {"outcome": "established"}),
    ("access.confirmed", {"signs": ["aspirate", "xray"], "flush": "4 mL"}),
    ("access.checked", {"finding": "pale"}),
    ("complication.noted", {"attempt": 3, "complication": "fat_embolism", "text": "perhaps"}),
    ("kit.checked", {"items": {"gauze": True, "gloves": False}}),
    (
        "drug.given",
        {"drug": "atropine", "dose": "0.1 mg", "route": "io", "concentration": "0.5 mg/mL", "volume": "0.2 mL"}
        | {"flush": "2 mL", "text": "quickly"},
    ),
    ("infusion.started", {"fluid": "dopamine", "route": "io", "volume": "50 mL", "rate": "2 mL/h", "dose_rate": "5 ug/kg/min"}),
    ("infusion.changed", {"rate": "3 mL/h"}),
    ("infusion.stopped", {"volume": "7 mL", "reason": "no longer needed"}),
    ("vital.recorded", {"heart_rate": 62, "spo2": 88, "resp_rate": 41, "systolic": 35, "apgar": 4, "apgar_minute": 5}),
    ("vital.recorded", {"temperature": "36.4 Cel"}),
    ("care.started", {"care": "cpap", "text": "by mask"}),
    ("care.ended", {"care": "cpap", "result": "pink"}),
    ("arrest.recognised", {}),
    ("rosc.recognised", {}),
    ("note.added", {"text": "mother is here"}),
    ("clock.marked", {"clock": "monitor", "shows": "12:31", "text": "ahead"}),
    ("access.lost", {"attempt": 3, "reason": "dislodged", "text": "pulled"}),
    ("access.removed", {"attempt": 1, "reason": "planned"}),
    ("case.closed", {"outcome": "recovered", "text": "asleep"}),
    ("case.signed", {"person": "Kim", "role": "nurse", "meaning": "recorded"}),
    ("debrief.noted", {"part": "well", "text": "calm"}),
    ("case.reopened", {"reason": "one finding"}),
)  # fmt: skip


SPOKEN_ROUTES = {"piv": "peripheral", "cvc": "central", "io": "IO"}


def scenario(*lines: tuple[str, dict[str, Any]], every_s: int = 5) -> bytes:
    """A scenario file with a line every few seconds."""
    rows = [("case.opened", OPENED), *lines]
    written = [
        {"at": f"{place * every_s // 60}:{place * every_s % 60:02d}", "kind": kind, "data": data}
        for place, (kind, data) in enumerate(rows)
    ]
    return "\n".join(json.dumps(line) for line in written).encode()


def heard(told: Room) -> Iterator[tuple[Event, str]]:
    """Each event of the script that is told, with its sentence."""
    audible = [event for event in told.script.events if event.kind not in SILENT]
    assert len(audible) == len(told.sentences)
    zero = told.script.events[0].at
    for event, sentence in zip(audible, told.sentences, strict=True):
        assert event.at - zero == sentence.since
        yield event, sentence.words


def said(field: str, value: Any, access: bool) -> Iterator[str]:
    """The words by which a detail can be heard, as it stands in the log."""
    if isinstance(value, list):
        for part in value:
            yield label(TABLES.signs, part)
    elif isinstance(value, dict):
        for item in value:
            yield label(TABLES.kit, item)
    elif isinstance(value, bool):
        yield {
            "uvc_experienced": "umbilical catheters",
            "io_experienced": "xperienced with IO",
            "cooling": "cooled",
        }[field]
    elif field == "route" and value in SPOKEN_ROUTES:
        yield SPOKEN_ROUTES[value]
    elif field == "route":
        yield "umbilical" if access else WORDS["given_route"][value]
    elif value == "umbilical_vein":
        yield "umbilical"
    elif field in ("weight_source", "care", "cord"):
        yield WORDS[field][value]
    elif value != "midline":
        reasons = TABLES.failure_reasons if value in TABLES.failure_reasons else TABLES.loss_reasons
        tables: dict[str, Mapping[str, Any]] = {
            "site": TABLES.vein_sites if value in TABLES.vein_sites else TABLES.io_sites,
            "reason": reasons if access else {},
            "bone": TABLES.bones,
            "device": TABLES.devices,
            "condition": TABLES.conditions,
            "complication": TABLES.complications,
            "finding": TABLES.findings,
            "drug": TABLES.drugs,
            "fluid": TABLES.fluids,
        }
        words = label(tables[field], value) if field in tables else str(value)
        yield (
            words.split(" (")[0]
            if field in ("drug", "fluid")
            else words.replace("_", " ").replace("Cel", "°C")
        )


def assert_all_heard(told: Room) -> None:
    """Every detail of every event is in its sentence."""
    for event, words in heard(told):
        for field, value in write_data(event.data).items():
            if field == "outcome" and event.kind == "access.attempt_ended":
                assert {"established": "works", "failed": "failed", "abandoned": "breaking off"}[
                    value
                ] in words
            elif field not in NUMBERS and not (field == "route" and getattr(event.data, "attempt", None)):
                for wanted in said(field, value, event.kind.startswith("access.")):
                    assert wanted.lower() in words.lower(), (event.kind, field, words)


@pytest.mark.parametrize("name", shipped_scripts())
def test_that_every_detail_of_a_published_case_can_be_heard(name: str) -> None:
    assert_all_heard(room(load_script(name, TABLES), TABLES))


def test_that_every_kind_and_every_field_can_be_heard() -> None:
    told = room(read_script("all", scenario(*EVERYTHING), TABLES), TABLES)
    assert {event.kind for event, _ in heard(told)} == set(KINDS) - SILENT
    assert_all_heard(told)


def test_that_a_line_is_named_by_where_it_is_and_never_by_a_number() -> None:
    told = room(read_script("all", scenario(*EVERYTHING), TABLES), TABLES)
    words = " ".join(sentence.words for sentence in told.sentences)
    assert "the IO in the right proximal tibia works" in words
    assert "fat embolism, from the IO in the right proximal tibia" in words
    assert "attempt 3" not in words.lower()


def test_that_corrections_and_answers_are_not_told_but_what_they_mend_is_told_right() -> None:
    told = room(load_script("infant-popliteal-artery", TABLES), TABLES)
    words = [sentence.words for sentence in told.sentences]
    assert sum("adrenaline 0.055 mg" in said for said in words) == 2
    assert not any("0.55 mg " in said or "decimal point" in said or "io-consider" in said for said in words)
    twice = room(load_script("sids-extravasation-necrosis", TABLES), TABLES)
    assert sum("adrenaline" in sentence.words for sentence in twice.sentences) == 3


def test_that_what_was_entered_late_is_told_when_it_happened() -> None:
    told = room(load_script("simulation-pair-uvc", TABLES), TABLES)
    assert "3:39" in {
        f"{s.since // 60_000}:{s.since // 1000 % 60:02d}" for s in told.sentences if "works" in s.words
    }
    assert [s.since for s in told.sentences] == sorted(s.since for s in told.sentences)


def test_that_the_same_script_is_told_alike() -> None:
    name = "near-drowning-compartment"
    assert room(load_script(name, TABLES), TABLES) == room(load_script(name, TABLES), TABLES)


def test_that_a_long_silence_before_the_first_word_is_not_waited_through() -> None:
    told = room(load_script("newborn-unit-preterm-second-needle", TABLES), TABLES)
    assert told.begins == told.sentences[0].since - LEAD_MS
    assert room(load_script("epistaxis-thirty-one-months", TABLES), TABLES).begins == 0


def test_that_a_trained_case_is_training_whatever_the_script_is() -> None:
    script = read_script("mine.jsonl", scenario(EVERYTHING[0]), TABLES)
    opening = script.opening(2)
    assert (opening["mode"], opening["label"]) == ("training", "training: mine.jsonl")
    assert "2 times" in opening["text"]
    assert "times" not in script.opening()["text"]


def test_that_a_script_is_found_by_the_label_of_its_case() -> None:
    found = script_of("training: simulation-pair-io", TABLES)
    assert found is not None
    assert found.title == titles(TABLES)["simulation-pair-io"]
    for label_ in (None, "", "simulation-pair-io", "training: mine.jsonl", "Training: simulation-pair-io"):
        assert script_of(label_, TABLES) is None


def test_that_a_script_that_is_none_is_told_in_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(scenario(("access.attempt_ended", {"outcome": "failed"})))
    for named, words in (
        (str(broken), "line 2"),
        (str(tmp_path), "cannot be read"),
        ("nobody", "simulation-pair-io"),
    ):
        with pytest.raises(ScriptError, match=words) as caught:
            load_script(named, TABLES)
        assert "\n" not in str(caught.value)


def spoken(*instants: int) -> Room:
    """A room that says a word at each of these seconds."""
    script = read_script("short", scenario(), TABLES)
    return Room(script, tuple(Sentence(at * 1000, f"Nurse: word {at}.") for at in instants))


def test_that_a_sentence_appears_when_it_is_due_and_not_before() -> None:
    talk = spoken(10, 50)
    assert talk.told(9_999) == 0
    assert talk.told(10_000) == 1
    assert "word 10" not in telling(talk, 9_999, 80, 3).plain
    assert "▶    0:10  Nurse: word 10." in telling(talk, 10_000, 80, 3).plain


def test_that_the_newest_is_marked_and_the_older_not_for_long() -> None:
    talk = spoken(10, 12, 100)
    shortly, later = (
        telling(talk, 12_000 + FRESH_MS + wait, 80, 3).plain.split("\n") for wait in (-2_001, 0)
    )
    assert [line[0] for line in shortly[:2]] == ["▶", "▶"]
    assert [line[0] for line in later[:2]] == [" ", "▶"]


def test_that_a_long_silence_and_the_end_are_announced() -> None:
    talk = spoken(10, 50)
    assert "speaks next in 0:10" in telling(talk, 0, 80, 3).plain
    assert "speaks next in 0:30" in telling(talk, 50_000 - QUIET_MS, 80, 3).plain
    assert "speaks" not in telling(talk, 50_001 - QUIET_MS, 80, 3).plain
    assert "said all" in telling(talk, 50_000, 80, 3).plain


def test_that_text_of_a_script_is_harmless_and_never_wider_than_the_panel() -> None:
    note = {"text": "[bold]loud[/bold] \x1b[31m " + "very " * 30}
    talk = room(read_script("short", scenario(("note.added", note)), TABLES), TABLES)
    shown = telling(talk, 5_000, 60, 3).plain
    assert "[bold]loud" in shown
    assert "\x1b" not in shown
    assert all(len(line) <= 60 for line in shown.split("\n")[:-1])
