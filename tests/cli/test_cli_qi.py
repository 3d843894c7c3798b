"""`codelog qi` and `codelog backtest` over real stores, with cases that are broken among them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from codelog.cli.printing import MADE_AT
from codelog.cli.qi import AGES
from codelog.clinical.tables import load_tables
from codelog.debrief.qi import gather as gathering
from codelog.debrief.qi.gather import gather, gather_batch
from codelog.debrief.qi.report import qi_report
from codelog.debrief.qi.selection import Selection
from codelog.log.store import open_store
from tests.cli.cli_kit import Command
from tests.debrief.generated_cases import Restamped

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.jsonl"))


@pytest.fixture
def recorded(codelog: Command) -> Command:
    """The command line on a store that holds three trainings."""
    for path in SCENARIOS[:3]:
        assert codelog("replay", str(path), "--record").code == 0
    return codelog


def break_one(store: Path) -> str:
    """Alter a line of one case, the guards put back; its id."""
    with closing(sqlite3.connect(store)) as connection, connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        (case,) = connection.execute('SELECT "case" FROM events WHERE seq = 1 ORDER BY 1').fetchone()
        change = """UPDATE events SET line = replace(line, '"by":"scribe"', '"by":"nobody"') WHERE "case" = ? AND seq = 4"""
        assert connection.execute(change, (case,)).rowcount == 1
        for _, sql in guards:
            connection.execute(sql)
    connection.close()
    return str(case)


def test_every_form_has_the_figures(
    recorded: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MADE_AT, "1795363200")
    text = recorded("qi").out
    assert "3 training cases" in text and "no clinical case was found" in text
    values = json.loads(recorded("qi", "--format", "json").out)
    assert values["counted"]["cases"] == 3 and values["generated_at"] == 1795363200000
    for form, start in (
        ("html", b"<!DOCTYPE html>"),
        ("pdf", b"%PDF"),
        ("csv", b"figure,value"),
        ("txt", b"FIGURES"),
    ):
        file = tmp_path / f"qi.{form}"
        ran = recorded("qi", "-o", str(file))
        assert (ran.code, ran.out) == (0, "") and file.read_bytes().startswith(start)
    assert recorded("qi").out == text


def test_filters_reach_the_report(recorded: Command) -> None:
    def cases(*options: str) -> int:
        return int(json.loads(recorded("qi", "--format", "json", *options).out)["counted"]["cases"])

    assert cases("--from", "2000-01-01", "--to", "2000-01-01") == 3
    assert cases("--to", "1999-12-31") == 0 == cases("--from", "2000-01-02")
    assert cases("--training") == 3 and cases("--clinical") == 0
    assert cases("--protocol", "gomella") == 3 and cases("--protocol", "nrp") == 0
    assert sum(cases("--age", age) for age in AGES) == 3
    assert "no case matches" in recorded("qi", "--clinical").err


def test_the_ages_are_the_bands_of_the_table() -> None:
    assert AGES == (*load_tables().age_bands, "unknown")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from", "2026-13-01"), "2026-13-01"),
        (("--from", "2026-02-02", "--to", "2026-02-01"), "--from lies after --to"),
        (("--setting", "moon"), "delivery_room"),
        (("--age", "old"), "newborn"),
        (("--format", "xls"), "text"),
        (("-o", "/nowhere/at/all.html"), "cannot be written"),
    ],
)
def test_bad_options_get_one_sentence(recorded: Command, options: tuple[str, ...], said: str) -> None:
    ran = recorded("qi", *options)
    assert ran.code == 2 and ran.out == "" and said in ran.err


def test_a_broken_case_is_named_and_the_others_are_counted(recorded: Command, store_path: Path) -> None:
    case = break_one(store_path)
    ran = recorded("qi", "--format", "json")
    counted = json.loads(ran.out)["counted"]
    assert ran.code == 0 and counted["cases"] == 2
    assert [left["case"] for left in counted["left_out"]] == [case]
    assert "not as it was written" in counted["left_out"][0]["why"] and "not counted: 1" in ran.err
    assert case in recorded("qi").out
    tested = recorded("backtest", "gomella", "--json")
    assert json.loads(tested.out)["n"] == 2 and "not run: 1" in tested.err


def test_a_case_without_its_protocol_says_where_it_belongs(
    codelog: Command, store_path: Path, tmp_path: Path
) -> None:
    from codelog.clinical.protocols import load_protocol

    own = tmp_path / "own.toml"
    own.write_bytes(load_protocol("gomella").content.replace(b'id = "gomella"', b'id = "own"'))
    assert codelog("replay", str(SCENARIOS[0]), "--record", "--protocol", str(own)).code == 0
    assert json.loads(codelog("qi", "--format", "json", "--protocol", "own").out)["counted"]["cases"] == 1
    for kept in (store_path.parent / "protocols").iterdir():
        kept.unlink()
    (left,) = json.loads(codelog("qi", "--format", "json").out)["counted"]["left_out"]
    assert "protocol own" in left["why"]


def test_backtest_of_the_same_and_of_another(recorded: Command, tmp_path: Path) -> None:
    same = json.loads(recorded("backtest", "gomella", "--json").out)
    assert (
        same["n"] == 3
        and same["cases"] == []
        and all(rule["recorded"] == rule["same"] for rule in same["rules"])
    )
    other = json.loads(recorded("backtest", "gomella", "--set", "seconds_limit=60", "--json").out)
    assert other["tried"]["changes"] == [["seconds_limit", "60"]] and other["cases"]
    one = recorded("backtest", "nrp", "last", "-o", str(tmp_path / "b.html"))
    assert one.code == 0 and "<svg" in (tmp_path / "b.html").read_text()
    assert "gone" in recorded("backtest", "nrp").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nrpp",), "nrp"),
        (("gomella", "--set", "seconds_limit"), "NAME=VALUE"),
        (("gomella", "--set", "seconds_limit=0"), "from 1 to 3600"),
        (("gomella", "--set", "limit=1"), "unknown key"),
        (("gomella", "--set", "seconds_limit=1", "--set", "seconds_limit=2"), "given twice"),
        (("gomella", "zzzz"), "no case begins"),
    ],
)
def test_bad_backtests_get_one_sentence(recorded: Command, arguments: tuple[str, ...], said: str) -> None:
    ran = recorded("backtest", *arguments)
    assert ran.code == 2 and ran.out == "" and said in ran.err


def test_spread_over_cores_the_sums_are_the_same(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BATCH", 5)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    made = Restamped(6, days=400)
    told: list[int] = []
    with open_store(store_path) as store:
        for number in range(23):
            assert store.append_stream(made(number))
        cases = [row.case for row in store.cases()]
        apart = gather(store, Selection(), cases, told.append)
        together = gather_batch(store, Selection(), cases)
    assert sum(told) == 23 and len(told) == 5
    tables = load_tables()
    reports = [qi_report(one, Selection(), tables, generated_at=0, version="x") for one in (apart, together)]
    assert reports[0] == reports[1] and reports[0].counted.cases == 23
