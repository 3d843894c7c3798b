"""The tables of an export, read back by other programs and held against the log."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelog.audit.csv_tables import csv_lines, defused, restored
from codelog.audit.tables import TABLES
from codelog.case.codec import decode
from codelog.case.events import (
    AccessPresent,
    AttemptStarted,
    DrugGiven,
    EventAmended,
    FlagRaised,
    InfusionStarted,
    fields_of,
)
from codelog.log.store import open_store
from tests.audit.exportkit import Fact, export, lines_of, manifest_of, store_of_scenarios
from tests.case.event_strategies import HOSTILE

OPENING = {"setting": "nicu", "zero": "birth", "mode": "training"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """An export of the published scenarios as CSV and Parquet, and all stored lines."""
    folder = tmp_path_factory.mktemp("tables")
    with store_of_scenarios(folder / "s.db") as store:
        outcome = export(store, folder / "out", "csv", "parquet")
        assert outcome.problems == []
        lines = [line for case in outcome.cases for line in store.lines(case)]
    return folder / "out", lines


def asked(query: str) -> duckdb.DuckDBPyRelation:
    """What DuckDB answers."""
    found = duckdb.sql(query)
    assert found is not None
    return found


def csv_rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """The rows as DuckDB reads them, everything as text."""
    query = f"SELECT * FROM read_csv('{folder}/{table}.csv', header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
    found = asked(query)
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def parquet_rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """The rows as pyarrow reads them."""
    parts = sorted(folder.glob(f"{table}.*.parquet"))
    rows: list[dict[str, Any]] = pyarrow.concat_tables(map(pyarrow.parquet.read_table, parts)).to_pylist()
    return rows


def test_every_line_is_a_row_with_what_it_says(exported: tuple[Path, list[str]]) -> None:
    folder, lines = exported
    log = [json.loads(line) for line in lines]
    rows = csv_rows(folder, "events")
    assert len(rows) == len(log) > 400
    for row, line in zip(rows, log, strict=True):
        assert (row["case"], row["terminal"], int(row["seq"])) == (
            line["case"],
            line["terminal"],
            line["seq"],
        )
        assert (row["kind"], row["at"], row["recorded_at"]) == (line["kind"], line["at"], line["recorded_at"])
        assert json.loads(restored(row["data"])) == line["data"]
        assert (row["within_ms"] or None) == (None if line["within_ms"] is None else str(line["within_ms"]))


def test_what_is_corrected_is_marked(exported: tuple[Path, list[str]]) -> None:
    folder, lines = exported
    log = [decode(line) for line in lines]
    amended = {(e.case, e.data.target) for e in log if isinstance(e.data, EventAmended)}
    rows = csv_rows(folder, "events")
    assert {(row["case"], int(row["seq"])) for row in rows if row["amended"] == "true"} == amended
    assert amended and any(row["retracted"] == "true" for row in rows)


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_csv_and_parquet_say_the_same_to_pyarrow_and_duckdb(
    exported: tuple[Path, list[str]], table: str
) -> None:
    folder, _ = exported
    in_csv, in_parquet = csv_rows(folder, table), parquet_rows(folder, table)
    in_duckdb = asked(f"SELECT * FROM read_parquet('{folder}/{table}.*.parquet')")
    assert len(in_csv) == len(in_parquet) == len(in_duckdb) > 0
    (definition,) = (t for t in TABLES if t.name == table)
    for ours, theirs in zip(in_csv, in_parquet, strict=True):
        for column in definition.columns:
            text, value = ours[column.name], theirs[column.name]
            if value is None or value == "":
                assert not text
            elif column.kind == "instant":
                assert text == value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            elif column.kind == "yes/no":
                assert text == str(value).lower()
            elif column.kind == "number":
                assert float(text) == value
            else:
                assert restored(text) == str(value)


def test_parquet_has_the_types_that_analysts_want(exported: tuple[Path, list[str]]) -> None:
    folder, _ = exported
    schema = pyarrow.parquet.read_schema(next(folder.glob("attempts.*.parquet")))
    assert schema.field("started_at").type == pyarrow.timestamp("ms", tz="UTC")
    assert schema.field("duration_ms").type == pyarrow.int64()
    assert schema.field("present").type == pyarrow.bool_()
    assert schema.field("started_at").metadata[b"meaning"].startswith(b"device to skin")
    longest = asked(
        f"SELECT max(epoch_ms(ended_at) - epoch_ms(started_at) - duration_ms) FROM '{folder}/attempts.*.parquet'"
    ).fetchall()
    assert longest == [(0,)]


def test_the_derived_tables_hold_what_the_log_does(exported: tuple[Path, list[str]]) -> None:
    folder, lines = exported
    retracted = {
        (row["case"], int(row["seq"])) for row in csv_rows(folder, "events") if row["retracted"] == "true"
    }
    log = [event for event in map(decode, lines) if (event.case, event.seq) not in retracted]
    drugs = Counter((e.case, e.data.drug) for e in log if isinstance(e.data, DrugGiven))
    assert Counter((row["case"], row["drug"]) for row in csv_rows(folder, "drugs")) == drugs
    fluids = Counter((e.case, e.data.fluid) for e in log if isinstance(e.data, InfusionStarted))
    assert Counter((row["case"], row["fluid"]) for row in csv_rows(folder, "infusions")) == fluids
    flags = Counter((e.case, e.data.rule, e.data.text) for e in log if isinstance(e.data, FlagRaised))
    rows = csv_rows(folder, "flags")
    assert Counter((row["case"], row["rule"], restored(row["text"])) for row in rows) == flags
    starts = ((e.case, e.data) for e in log)
    started = {(case, str(d.attempt)) for case, d in starts if isinstance(d, (AttemptStarted, AccessPresent))}
    attempts = csv_rows(folder, "attempts")
    assert {(row["case"], row["attempt"]) for row in attempts} == started
    assert {row["device_maker"] for row in attempts if row["device"] == "ezio_15"} == {
        "Teleflex (Arrow, Vidacare)"
    }
    adrenaline = [row for row in csv_rows(folder, "drugs") if row["drug"] == "adrenaline"]
    assert all(float(row["dose_number"]) and row["dose_unit"] in ("mg", "ug") for row in adrenaline)


def test_the_dictionary_names_every_column_and_every_field(exported: tuple[Path, list[str]]) -> None:
    folder, _ = exported
    rows = {(row["part"], row["name"]) for row in csv_rows(folder, "data-dictionary")}
    for table in TABLES:
        header = (folder / f"{table.name}.csv").read_text().splitlines()[0].split(",")
        assert header == [column.name for column in table.columns]
        assert {(f"table {table.name}", name) for name in header} <= rows
    assert ("kind access.attempt_started", "needle_mm") in rows
    assert {("kind drug.given", name) for name in fields_of("drug.given")} <= rows


@given(st.sampled_from(HOSTILE) | st.text(max_size=12))
def test_no_text_can_be_a_formula_and_every_text_comes_back(text: str) -> None:
    cell = defused(text)
    assert restored(cell) == text
    assert cell[:1] not in tuple("=+-@\t\r\n＝＋－＠")


def test_hostile_text_comes_back_through_a_csv_reader(tmp_path: Path) -> None:
    texts = [text for text in HOSTILE if text and "\r" not in text]
    facts: list[Fact] = [(0, "case.opened", OPENING)]
    facts += [
        (
            number,
            "access.attempt_started",
            {"attempt": number, "route": "piv", "operator": text, "operator_role": "=1+1"},
        )
        for number, text in enumerate(texts, 1)
    ]
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of("c", "t", facts))
        export(store, tmp_path / "out", "csv")
    content = (tmp_path / "out" / "attempts.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert [restored(row["operator"]) for row in rows] == texts
    assert {row["operator_role"] for row in rows} == {"'=1+1"}
    assert content.startswith(b"case,attempt,") and content.count(b"\r\n") >= len(texts) + 1


def test_lines_of_csv_are_as_rfc_4180_wants() -> None:
    assert csv_lines([["a", 'b"c', "d,e", "f\r\ng", ""]]) == b'a,"b""c","d,e","f\r\ng",\r\n'


def test_a_time_before_zero_is_a_number_and_no_formula(tmp_path: Path) -> None:
    facts: list[Fact] = [(0, "case.opened", OPENING), (-5000, "note.added", {"text": "before"})]
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of("c", "t", facts))
        export(store, tmp_path / "out", "csv")
    assert [row["since_zero_ms"] for row in csv_rows(tmp_path / "out", "events")] == ["0", "-5000"]


def test_a_case_whose_protocol_is_gone_keeps_its_events(tmp_path: Path) -> None:
    lost = {"id": "our-own", "version": "1", "digest": "0" * 64}
    facts: list[Fact] = [
        (0, "case.opened", OPENING | {"protocol": lost}),
        (1000, "drug.given", {"drug": "adrenaline", "dose": "0.1 mg", "route": "io"}),
    ]
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of("c", "t", facts))
        outcome = export(store, tmp_path / "out", "csv")
    assert [case for case, _ in outcome.problems] == ["c"] and "our-own" in outcome.problems[0][1]
    assert len(csv_rows(tmp_path / "out", "events")) == 2
    assert manifest_of(tmp_path / "out")["cases"][0]["protocol"] == lost | {"file": None}
