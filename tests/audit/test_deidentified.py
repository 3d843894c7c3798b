"""A de-identified export tells nothing that was planted anywhere, and still tells what happened."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from codelog.audit.deidentify import allowed
from codelog.audit.deidentify.allowed import ALLOWED
from codelog.audit.deidentify.groups import LEVELS, SMALLEST_GROUP
from codelog.case.codec import decode
from codelog.case.events import KINDS, fields_of
from codelog.case.fields import (
    Amount,
    Choice,
    FieldType,
    Id,
    Instant,
    ListOf,
    MapOf,
    Plain,
    Reference,
    Whole,
    Words,
    YesNo,
)
from codelog.case.quantities import UNITS, Quantity, dimension_of
from codelog.log.chain import Intact, verify_lines
from codelog.log.store import open_store
from tests.audit.exportkit import (
    ALL_FORMATS,
    Fact,
    alter,
    contents,
    export,
    lines_of,
    manifest_of,
    store_of_scenarios,
)

CASE = "facade00-dead-4bee-8000-00000000cafe"
OPENING = {"setting": "nicu", "zero": "birth", "mode": "clinical"}
NUMBER = 87_654_321
INSTANT = "1987-06-05T04:03:02.001Z"

NOT_TOLD = {
    "case.opened": {"place", "label"},
    "debrief.noted": {"owner", "due"},
    "event.amended": {"changes"},
    "case.closed": {"events"},
    "clock.marked": {"clock", "shows", "text"},
    "archive.received": {"archive", "terminal", "count", "head", "received_at", "signature"},
}
"""Fields without a way of their own: left out, or (`changes`, `events`) made anew."""


def words_for(kind: str, field: str) -> str:
    return f"Quisling-{kind.replace('.', '-')}-{field}"


def planted(type: FieldType, kind: str, field: str) -> Any:
    """A value that identifies somebody, as far as the type can hold one."""
    match type:
        case Words() | Id():
            return words_for(kind, field)
        case Choice():
            return type.options[0]
        case Whole():
            return min(NUMBER, type.high)
        case YesNo():
            return True
        case Reference():
            return 1 if field in ("target", "entry", "flag", "evidence") else NUMBER
        case Amount():
            unit = next(unit for unit in UNITS if dimension_of(unit) in type.dimensions)
            return f"{NUMBER} {unit}"
        case Instant():
            return INSTANT
        case ListOf():
            return [planted(type.item, kind, field)]
        case MapOf():
            return {words_for(kind, field): planted(type.item, kind, field)}
        case Plain():
            return words_for(kind, field)
    return {part: words_for(kind, field) for part in ("id", "version", "digest")}


def plants() -> Iterator[Fact]:
    """Events of every kind with something planted in every field, and in the required ones only."""
    yield (
        0,
        "case.opened",
        {name: planted(f.type, "case.opened", name) for name, f in fields_of("case.opened").items()}
        | OPENING,
    )
    yield 1, "patient.described", {"sex": "Quisling-sex", "weight_source": "measured"}
    changes = {
        "sex": "Quisling-amended",
        "age_days": NUMBER,
        "weight": f"{NUMBER} g",
        "weight_source": "Quisling",
    }
    changes |= {"at": INSTANT, "nobody": "Quisling-unknown"}
    yield 2, "event.amended", {"target": 2, "changes": changes, "reason": "Quisling"}
    for at, kind in enumerate(KINDS, 3):
        if kind == "case.opened":
            continue
        fields = fields_of(kind).values()
        yield at, kind, {field.name: planted(field.type, kind, field.name) for field in fields}
        if kind != "vital.recorded":
            yield at, kind, {f.name: planted(f.type, kind, f.name) for f in fields if f.required}


def told_in(folder: Path) -> str:
    """Everything that can be read in an export, file names included; the compressed tables unpacked."""
    found = []
    for name, content in contents(folder).items():
        found.append(name)
        if name.endswith(".parquet"):
            found.append(str(pyarrow.parquet.read_table(folder / name).to_pylist()))
            found.append(str(pyarrow.parquet.read_schema(folder / name).metadata))
        else:
            found.append(content.decode())
    return "\n".join(found)


@pytest.fixture
def plants_told(tmp_path: Path) -> str:
    with open_store(tmp_path / "s.db") as store:
        lines = lines_of(
            CASE,
            "Quisling-terminal",
            plants(),
            by="Quisling-by",
            boot="Quisling-boot",
            boot_ms=NUMBER,
            within_ms=NUMBER * 10,
        )
        store.append_stream(lines)
        outcome = export(store, tmp_path / "out", *ALL_FORMATS, deidentify=True)
        assert outcome.problems == []
        told = told_in(tmp_path / "out")
        assert store.terminal not in told
        assert manifest_of(tmp_path / "out")["cases"][0]["streams"][0]["lines"] > 30
    return told


def test_nothing_that_was_planted_survives_in_any_format(plants_told: str) -> None:
    assert "quisling" not in plants_told.lower()
    assert str(NUMBER) not in plants_told
    assert "1987-06" not in plants_told
    assert CASE not in plants_told and "somebody" not in plants_told
    # The day of the case and of the export; the year of the export is told.
    assert "2025-11-24" not in plants_told and "1764000000" not in plants_told


def test_what_happened_is_still_told(plants_told: str) -> None:
    told = {kind for kind in KINDS if f'"kind":"{kind}"' in plants_told}
    # Of these, what was planted was required.
    lost = {"access.present", "access.attempt_started", "access.attempt_described", "access.attempt_ended"}
    lost |= {"access.confirmed", "access.checked", "access.lost", "access.removed", "drug.given"}
    lost |= {"infusion.started", "infusion.changed", "infusion.stopped", "condition.noted", "flag.raised"}
    lost |= {"clock.stepped", "clock.marked", "archive.received"}
    assert told == set(KINDS) - lost


def test_free_text_that_was_reviewed_stays_and_nothing_else(tmp_path: Path) -> None:
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of(CASE, "Quisling-terminal", plants(), by="Quisling-by"))
        export(store, tmp_path / "out", *ALL_FORMATS, deidentify=True, include_text=True)
    told = told_in(tmp_path / "out")
    assert words_for("note.added", "text") in told
    for kind, field in [
        ("case.opened", "label"),
        ("case.opened", "place"),
        ("team.noted", "person"),
        ("access.attempt_started", "operator"),
        ("debrief.noted", "owner"),
        ("archive.received", "archive"),
        ("clock.marked", "shows"),
    ]:
        assert words_for(kind, field) not in told
    assert "Quisling-by" not in told and "Quisling-terminal" not in told


def test_every_field_is_either_told_in_a_way_or_left_out_on_purpose() -> None:
    missing = {kind: left for kind in KINDS if (left := set(fields_of(kind)) - set(ALLOWED.get(kind, {})))}
    assert missing == NOT_TOLD
    assert all(set(ways) <= set(fields_of(kind)) for kind, ways in ALLOWED.items())


def test_only_a_type_that_can_hold_no_words_is_told_as_it_is() -> None:
    for kind, ways in ALLOWED.items():
        for name, way in ways.items():
            type = fields_of(kind)[name].type
            closed = isinstance(type, (Choice, YesNo)) or (isinstance(type, Whole) and type.high < 10**6)
            assert way is not allowed.keep or closed, (kind, name)


def test_a_field_that_nobody_allowed_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts: list[Fact] = [(0, "case.opened", OPENING), (1, "vital.recorded", {"heart_rate": 77, "spo2": 91})]
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of(CASE, "t", facts))
        export(store, tmp_path / "before", deidentify=True)
        monkeypatch.setitem(ALLOWED, "vital.recorded", {"spo2": allowed.keep})
        export(store, tmp_path / "after", deidentify=True)
    assert '"heart_rate":77' in told_in(tmp_path / "before")
    after = told_in(tmp_path / "after")
    assert '"heart_rate"' not in after and '"spo2":91' in after


def test_the_published_cases_keep_their_course_and_get_chains_of_their_own(tmp_path: Path) -> None:
    with store_of_scenarios(tmp_path / "s.db") as store:
        outcome = export(store, tmp_path / "out", deidentify=True)
        ids = set(outcome.cases)
        before = Counter(decode(line).kind for case in ids for line in store.lines(case))
    assert outcome.problems == []
    after: Counter[str] = Counter()
    for file in sorted((tmp_path / "out").glob("*.jsonl")):
        lines = file.read_bytes().splitlines(keepends=True)
        case, terminal, _ = file.name.split(".")
        assert isinstance(verify_lines(lines, case, terminal), Intact)
        assert case not in ids and case[14] == "4"
        after.update(decode(line.decode()).kind for line in lines)
    del before["clock.marked"]
    assert after == before
    paper = manifest_of(tmp_path / "out")
    assert paper["deidentified"] and not {"by", "terminal", "at"} & set(paper)
    assert not list((tmp_path / "out").glob("*.checkpoint")) and not list((tmp_path / "out").glob("*.pem"))


def test_references_follow_their_entries_when_one_is_left_out(tmp_path: Path) -> None:
    facts: list[Fact] = [
        (0, "case.opened", OPENING),
        (1, "clock.marked", {"clock": "room", "shows": "14:03"}),
        (2, "note.added", {"text": "x"}),
        (3, "event.retracted", {"target": 3, "reason": "twice"}),
        (4, "event.amended", {"target": 2, "changes": {"shows": "14:04"}, "reason": "misread"}),
        (5, "case.closed", {"outcome": "other", "events": 6}),
    ]
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of(CASE, "t", facts))
        export(store, tmp_path / "out", deidentify=True)
    (file,) = (tmp_path / "out").glob("*.jsonl")
    events = [json.loads(line) for line in file.read_text().splitlines()]
    assert [event["kind"] for event in events] == [
        "case.opened",
        "note.added",
        "event.retracted",
        "case.closed",
    ]
    assert events[2]["data"]["target"] == 2
    assert events[3]["data"]["events"] == 4
    assert events[0]["at"] == "2000-01-01T00:00:00.000Z" and events[3]["at"] == "2000-01-01T00:00:00.005Z"


def test_streams_name_each_other_by_their_new_names(tmp_path: Path) -> None:
    first: list[Fact] = [(0, "case.opened", OPENING), (1, "note.added", {"text": "x"})]
    second: list[Fact] = [
        (0, "case.opened", OPENING),
        (2, "event.retracted", {"target": "ward-a/2", "reason": "twice"}),
        (3, "event.retracted", {"target": "elsewhere/2", "reason": "twice"}),
    ]
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of(CASE, "ward-a", first))
        store.append_stream(lines_of(CASE, "ward-b", second))
        export(store, tmp_path / "out", deidentify=True)
    names = sorted(file.name.split(".")[1] for file in (tmp_path / "out").glob("*.jsonl"))
    assert names == ["s01", "s02"]
    (file,) = (tmp_path / "out").glob("*.s02.jsonl")
    told = [json.loads(line)["data"].get("target") for line in file.read_text().splitlines()]
    assert told == [None, "s01/2"]


def test_people_become_roles_and_the_same_person_the_same_role(tmp_path: Path) -> None:
    start = {"attempt": 1, "route": "piv", "operator": "Dr. Vidkun"}
    facts: list[Fact] = [
        (0, "case.opened", OPENING),
        (1, "team.noted", {"person": "Dr. Vidkun", "role": "doctor"}),
        (2, "team.noted", {"person": "Astrid", "role": "nurse"}),
        (3, "team.noted", {"person": "Gudrun", "role": "chief of St. Olav"}),
        (4, "access.attempt_started", start),
        (5, "case.signed", {"person": "Astrid", "role": "nurse", "meaning": "led"}),
    ]
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of(CASE, "t", facts, by="Astrid"))
        export(store, tmp_path / "out", deidentify=True)
    (file,) = (tmp_path / "out").glob("*.jsonl")
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    told = [row["data"].get("person") for row in rows]
    assert told == [None, "doctor 1", "nurse 1", "other 1", None, "nurse 1"]
    assert rows[4]["data"]["operator"] == "doctor 1" and rows[3]["data"]["role"] == "other"
    assert {row["by"] for row in rows} == {"nurse 1"}


@pytest.mark.parametrize(
    ("alike", "weeks", "setting", "weight"),
    [(SMALLEST_GROUP - 1, 28, "other", "1500 g"), (SMALLEST_GROUP, 31, "nicu", "1700 g")],
)
def test_a_small_group_is_told_less_exactly(
    tmp_path: Path, alike: int, weeks: int, setting: str, weight: str
) -> None:
    child = {"age_days": 3, "gestation_weeks": 31, "weight": "1730 g"}
    with open_store(tmp_path / "s.db") as store:
        for number in range(alike):
            facts: list[Fact] = [(0, "case.opened", OPENING), (1, "patient.described", child)]
            store.append_stream(lines_of(f"case-{number}", "t", facts))
        export(store, tmp_path / "out", deidentify=True)
    files = list((tmp_path / "out").glob("*.jsonl"))
    assert len(files) == alike
    for file in files:
        opened, described = (json.loads(line)["data"] for line in file.read_text().splitlines())
        assert opened["setting"] == setting
        assert described == {"gestation_weeks": weeks, "age_days": 0, "weight": weight}


def test_extremes_are_one_class_each_at_every_level() -> None:
    for level in LEVELS:
        assert level.gestation_weeks(22) == level.gestation_weeks(23)
        assert level.gestation_weeks(43) == level.gestation_weeks(44)
        assert level.weight(Quantity.parse("320 g")) == level.weight(Quantity.parse("500 g"))
    assert LEVELS[0].age_days(27) == 21 and LEVELS[0].age_days(28) == 28 and LEVELS[1].age_days(27) == 0


def test_a_broken_case_is_left_out_and_only_counted(tmp_path: Path) -> None:
    facts: list[Fact] = [(0, "case.opened", OPENING), (1, "note.added", {"text": "x"})]
    facts.append((2, "note.added", {"text": "y"}))
    lines = lines_of(CASE, "t", facts)
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines)
        store.append_stream(lines_of("other", "t", facts))
    altered = lines[1].replace('"text":"x"', '"text":"z"')
    assert altered != lines[1]
    alter(tmp_path / "s.db", CASE, 2, altered)
    with open_store(tmp_path / "s.db", read_only=True) as store:
        outcome = export(store, tmp_path / "out", deidentify=True)
    assert [case for case, _ in outcome.problems] == [CASE]
    paper = manifest_of(tmp_path / "out")
    assert paper["cases_left_out"] == 1 and len(paper["cases"]) == 1
    assert CASE not in told_in(tmp_path / "out")
