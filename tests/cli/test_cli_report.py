"""`codelog report`: the forms, where they go, and cases that were altered, are open, or are not there."""

from __future__ import annotations

import json
import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from codelog.cli.main import run
from codelog.cli.printing import MADE_AT
from tests.cli.cli_kit import Command

SCENARIO = Path(__file__).parents[1] / "scenarios" / "purpura-fulminans-two-tibias.jsonl"
OPEN_SCENARIO = SCENARIO.with_name("simulation-pair-io.jsonl")
CLOSED_EVENTS = 60


@pytest.fixture
def recorded(codelog: Command) -> Command:
    """The command line on a store that holds one closed case."""
    assert codelog("replay", str(SCENARIO), "--record").code == 0
    return codelog


def altered(store: Path, change: str) -> None:
    """Alter the store as somebody would who knows SQL: without its guards, which are put back."""
    with closing(sqlite3.connect(store)) as connection, connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(change).rowcount == 1
        for _, sql in guards:
            connection.execute(sql)
    connection.close()


def test_that_text_is_the_default_and_fits_a_hundred_columns(recorded: Command) -> None:
    ran = recorded("report", "last")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("DEBRIEF REPORT   case ")
    assert max(map(len, ran.out.split("\n"))) <= 100
    assert f"chain verified, {CLOSED_EVENTS} entries, head " in ran.out
    assert ran.out.endswith("\n")


def test_that_json_is_the_value(recorded: Command) -> None:
    report = json.loads(recorded("report", "last", "--format", "json").out)
    assert report["header"]["interim"] is False
    assert report["fingerprints"]["streams"][0]["intact"] is True


@pytest.mark.parametrize("form", ["html", "pdf", "text", "json"])
def test_that_the_same_case_at_the_same_time_makes_the_same_bytes(
    recorded: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv(MADE_AT, "1795363200")
    files = [tmp_path / name for name in ("one", "two")]
    for file in files:
        assert recorded("report", "last", "--format", form, "-o", str(file)).code == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes()


@pytest.mark.parametrize("wrong", ["", "soon", "1.5", "-1", "9" * 12])
def test_that_a_time_of_another_form_is_told(
    recorded: Command, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv(MADE_AT, wrong)
    ran = recorded("report", "last")
    assert (ran.code, ran.out) == (2, "")
    assert "seconds since 1970" in ran.err


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.html", b"<!DOCTYPE html>"), ("a.PDF", b"%PDF-"), ("a.json", b"{"), ("a", b"DEBRIEF")],
)
def test_that_the_ending_of_the_file_chooses_the_form(
    recorded: Command, tmp_path: Path, name: str, begins: bytes
) -> None:
    ran = recorded("report", "last", "-o", str(tmp_path / name))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert (tmp_path / name).read_bytes().lstrip().startswith(begins)


def test_that_a_file_is_for_its_owner_and_nothing_is_left_beside_it(
    recorded: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    file = folder / "a.html"
    file.write_text("what was there before")
    assert recorded("report", "last", "-o", str(file)).code == 0
    assert [path.name for path in folder.iterdir()] == ["a.html"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "what was there before" not in file.read_text()


@pytest.mark.parametrize("where", ["nowhere/a.html", "."])
def test_that_a_file_that_cannot_be_written_is_told(recorded: Command, tmp_path: Path, where: str) -> None:
    ran = recorded("report", "last", "-o", str(tmp_path / where))
    assert (ran.code, ran.out) == (2, "")
    assert "cannot be written" in ran.err and ran.err.count("\n") == 1


def test_that_what_is_no_file_is_written_to(recorded: Command) -> None:
    assert recorded("report", "last", "-o", "/dev/null").code == 0
    assert not Path("/dev/null").is_file()


def test_that_a_pdf_is_kept_from_a_terminal(recorded: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ran = recorded("report", "last", "--format", "pdf")
    assert (ran.code, ran.out) == (2, "")
    assert "-o FILE" in ran.err


def test_that_without_typst_one_sentence_names_what_to_install(
    recorded: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    file = tmp_path / "a.pdf"
    ran = recorded("report", "last", "-o", str(file))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "codelog: a PDF needs typst, which is not installed here: install codelog[pdf]\n"
    assert not file.exists()
    assert recorded("report", "last", "-o", str(tmp_path / "a.html")).code == 0


def test_that_an_open_case_is_reported_as_interim(codelog: Command) -> None:
    assert codelog("replay", str(OPEN_SCENARIO), "--record").code == 0
    ran = codelog("report", "last")
    assert ran.code == 0
    assert "INTERIM" in ran.out.split("\n")[0] and "!! The case is open" in ran.out


def test_that_a_case_of_one_event_is_reported(opened: Command) -> None:
    for form in ("text", "html", "json"):
        ran = opened("report", "last", "--format", form)
        assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "UPDATE events SET line = replace(line, 'flashback', 'flushback') WHERE seq = 10",
            "line 11 does not link",
        ),
        ("DELETE FROM events WHERE seq = 20", "event 20 is missing"),
        (
            f"UPDATE events SET line = replace(line, 'because', 'Because') WHERE seq = {CLOSED_EVENTS}",
            "digest that is stored beside",
        ),
    ],
)
def test_that_an_altered_case_is_reported_with_the_break_first(
    recorded: Command, store_path: Path, change: str, said: str
) -> None:
    altered(store_path, change)
    ran = recorded("report", "last")
    assert ran.code == 1
    lines = ran.out.split("\n")
    assert lines[2].startswith("!! The log of terminal replay is not as it was written:")
    assert said in " ".join(line.strip() for line in lines[2:6])
    assert said in ran.err and ran.err.count("\n") == 1
    assert "BROKEN" in ran.out and "WHAT HAPPENED" in ran.out


def test_that_an_unreadable_line_leaves_the_rest_readable(recorded: Command, store_path: Path) -> None:
    altered(store_path, "UPDATE events SET line = replace(line, '\"v\":1', '\"v\":9') WHERE seq = 1")
    ran = recorded("report", "last")
    assert ran.code == 1
    assert "BROKEN" in ran.out and "The opening of the case cannot be read" in ran.out


@pytest.mark.parametrize(
    "arguments", [("report",), ("report", "last", "--format", "docx"), ("report", "zzzz")]
)
def test_that_a_wrong_call_is_told_in_one_sentence(recorded: Command, arguments: tuple[str, ...]) -> None:
    ran = recorded(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("codelog: ")


def test_that_a_report_changes_nothing(
    recorded: Command, store_path: Path, file_bytes: Callable[[], bytes]
) -> None:
    before = file_bytes()
    assert recorded("report", "last").code == 0
    assert file_bytes() == before


@pytest.fixture
def file_bytes(store_path: Path) -> Callable[[], bytes]:
    return store_path.read_bytes


def test_that_no_store_is_made_by_asking(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.db"
    assert run(["--db", str(path), "report", "last"]) == 3
    assert not path.exists()
    assert "there is no store" in capsys.readouterr().err
