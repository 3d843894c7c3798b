"""`cases`, `show`, `verify`, `protocol`, `db`, and the shape of every error."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from codelog.cli.main import run
from tests.cli.cli_kit import Command

SCENARIO = str(Path(__file__).parent.parent / "scenarios" / "simulation-pair-io.jsonl")


def test_cases_lists_the_newest_first(opened: Command) -> None:
    opened("add", "new", "case.opened", "setting=ward", "zero=arrival", "mode=clinical", "label=second")
    rows = opened("cases", "--json").rows()
    assert [row["label"] for row in rows] == ["second", "test"]
    assert "second" in opened("cases").out
    assert opened("show", rows[1]["case"][:8]).code == 0


def test_an_empty_store_says_so(codelog: Command, store_path: Path) -> None:
    assert codelog("db", "upgrade").code == 0
    ran = codelog("cases")
    assert ran.code == 0 and ran.out == "" and "no case" in ran.err
    assert codelog("show", "last").code == 2


def test_show_marks_what_was_corrected(opened: Command) -> None:
    opened("add", "last", "note.added", "text=wrong")
    opened("add", "last", "event.retracted", "target=2", "reason=slip")
    assert "retracted by #3" in opened("show", "last").out
    assert "wrong" not in opened("show", "last", "--corrected").out


def test_verify_finds_each_kind_of_tampering_in_a_file(codelog: Command, tmp_path: Path) -> None:
    lines = codelog("replay", SCENARIO, "--json").out.splitlines(keepends=True)
    path = tmp_path / "case.jsonl"

    def verdict(changed: list[str]) -> tuple[int, str]:
        path.write_text("".join(changed))
        ran = codelog("verify", str(path))
        return ran.code, ran.out

    code, out = verdict(lines)
    assert code == 0 and "intact" in out and "cut tail would not show" in out
    edited = lines.copy()
    edited[4] = edited[4].replace('"by":"scribe"', '"by":"nobody"')
    assert edited != lines
    for tampered, line in [
        (edited, 6),
        (lines[:4] + lines[5:], 5),
        (lines[:4] + [lines[3]] + lines[4:], 5),
        (lines[:4] + [lines[5], lines[4]] + lines[6:], 5),
    ]:
        code, out = verdict(tampered)
        assert code == 1 and f"line {line}" in out


def test_verify_of_a_store_whose_guard_is_gone_says_no(opened: Command, store_path: Path) -> None:
    connection = sqlite3.connect(store_path)
    trigger = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchone()[0]
    connection.execute(f"DROP TRIGGER {trigger}")
    connection.commit()
    connection.close()
    ran = opened("verify")
    assert ran.code == 1 and "BROKEN" in ran.out
    assert opened("add", "last", "note.added", "text=x").code == 3


def test_protocols_are_listed_shown_and_checked(codelog: Command, tmp_path: Path) -> None:
    assert [row["id"] for row in codelog("protocol", "list", "--json").rows()] == [
        "gomella",
        "nrp",
        "pals",
        "ems-2-90",
        "erc-pls",
    ]
    assert "seconds_limit" in codelog("protocol", "show", "erc-pls").out
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "x"\nversion = 1\n')
    ran = codelog("protocol", "check", str(bad))
    assert ran.code == 1 and "version" in ran.out and str(bad) in ran.out
    assert codelog("protocol", "show", "nrpp").code == 2


def test_backup_and_restore(opened: Command, store_path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert opened("db", "backup", str(copy)).code == 0
    assert opened("db", "backup", str(copy)).code == 3
    lines = opened("show", "last", "--json").out
    opened("add", "last", "note.added", "text=after the backup")
    assert opened("db", "restore", str(copy)).code == 0
    assert opened("show", "last", "--json").out == lines
    assert opened("db", "check").code == 0
    ran = opened("add", "last", "note.added", "text=new terminal")
    assert ran.code == 2 and "written by terminal" in ran.err


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["--nonsense"], ["show"], ["db", "nonsense"], ["replay"]]
)
def test_usage_errors_are_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith("codelog: ") and captured.err.count("\n") == 1


def test_a_fault_of_ours_shows_no_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from codelog.cli import common

    def fail(location: str | None) -> None:
        raise RuntimeError("baby Smith weighs 3100 g")

    monkeypatch.setattr(common, "reading", fail)
    monkeypatch.setattr("codelog.cli.cases.reading", fail)
    assert run(["cases"]) == 70
    assert "Smith" not in capsys.readouterr().err
