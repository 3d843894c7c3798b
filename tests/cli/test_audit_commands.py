"""`verify`, `signing` and `audit`, and what the other commands leave in the audit stream."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from codelog.log.guards import GUARDS
from codelog.log.store import open_store
from tests.audit.folderkit import KEY, write_folder
from tests.cli.cli_kit import Command
from tests.log.log_lines import CASE, TERMINAL, make_events, make_line, sha256

SCENARIO = str(Path(__file__).parent.parent / "scenarios" / "simulation-pair-io.jsonl")


def audited(codelog: Command) -> list[tuple[str, str]]:
    """Kind and command of what the audit stream holds, but for the reading of it."""
    rows = codelog("audit", "--json").rows()
    return [(row["kind"], row["data"]["command"]) for row in rows if row["kind"] != "audit.read"]


@pytest.fixture
def closed(opened: Command) -> Command:
    assert opened("add", "last", "case.closed", "outcome=recovered").code == 0
    return opened


def test_who_did_what_stands_in_the_audit_stream(closed: Command, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.db")
    for arguments in (
        ["show", "last"],
        ["report", "last"],
        ["verify"],
        ["db", "backup", copy],
        ["replay", SCENARIO, "--record"],
    ):
        assert closed(*arguments).code == 0
    assert closed("replay", SCENARIO, "--record").code == 0
    assert audited(closed) == [
        ("audit.key_made", "first start"),
        ("audit.protocol_used", "open a case"),
        ("audit.viewed", "codelog show"),
        ("audit.viewed", "codelog report"),
        ("audit.verified", "codelog verify"),
        ("audit.backed_up", "codelog db backup"),
        ("audit.recorded", "codelog replay --record"),
    ]
    assert closed("db", "restore", copy).code == 0
    assert [kind for kind, _ in audited(closed)][-2:] == ["audit.key_made", "audit.restored"]


def test_an_open_case_is_shown_without_a_note(opened: Command) -> None:
    assert opened("show", "last").code == 0
    assert "audit.viewed" not in dict(audited(opened))


def test_the_audit_stream_of_a_terminal_verifies_as_a_file(
    closed: Command, store_path: Path, tmp_path: Path
) -> None:
    closed("show", "last")
    with open_store(store_path, read_only=True) as store:
        terminal = store.terminal
    file = tmp_path / "audit.jsonl"
    file.write_text(closed("audit", "--terminal", terminal, "--json").out)
    assert closed("verify", str(file)).code == 0
    content = file.read_text()
    file.write_text(content.replace("codelog show", "codelog shew"))
    assert file.read_text() != content
    assert closed("verify", str(file)).code == 1
    listed = closed("audit").out
    assert "looked at a closed case" in listed and terminal in listed
    assert "signed up to line" in closed("verify").out.splitlines()[-1]


def test_a_store_that_cannot_be_written_is_shown_and_the_missing_note_said(
    closed: Command, store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codelog.log.errors import StoreReadOnly

    def refuse(*_: object) -> None:
        raise StoreReadOnly(
            f"{store_path} cannot be written: it, its folder or its disk is read-only for this user"
        )

    monkeypatch.setattr("codelog.log.audit_stream.note", refuse)
    ran = closed("show", "last")
    assert ran.code == 0 and "case" in ran.out
    assert (
        "does not stand in the audit stream" in ran.err
        and "read-only" in ran.err
        and ran.err.count("\n") == 1
    )
    assert closed("verify").code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_file_is_shown(closed: Command, store_path: Path) -> None:
    store_path.chmod(0o400)
    ran = closed("show", "last")
    assert ran.code == 0 and "does not stand in the audit stream" in ran.err


def test_a_closed_case_is_signed_and_a_cut_tail_named(closed: Command, store_path: Path) -> None:
    assert "signed up to line 2" in closed("verify", "last").out
    (row,) = closed("verify", "last", "--json").rows()
    assert row["intact"] and row["signed"]["count"] == 2
    connection = sqlite3.connect(store_path, isolation_level=None)
    connection.execute("DROP TRIGGER events_refuse_delete")
    connection.execute("DELETE FROM events WHERE seq = 2")
    connection.execute(GUARDS["events_refuse_delete"])
    connection.close()
    ran = closed("verify", "last", "--json")
    (row,) = ran.rows()
    assert ran.code == 1 and (row["line"], row["what"]) == (2, "tail_cut")


def test_every_fiftieth_entry_is_signed(opened: Command) -> None:
    for number in range(2, 51):
        assert opened("add", "last", "note.added", f"text={number}").code == 0
        signed = opened("verify", "last", "--json").rows()[0]["signed"]
        assert (signed is None) == (number < 50)


def test_an_entry_is_saved_when_it_cannot_be_signed(opened: Command, store_path: Path) -> None:
    (key,) = store_path.parent.glob("*.key")
    key.unlink()
    ran = opened("add", "last", "case.closed", "outcome=died")
    assert ran.code == 0 and "saved, but not signed" in ran.err and "is missing" in ran.err
    assert opened("signing", "rotate").code == 3
    assert opened("signing", "rotate", "--lost").code == 0
    assert opened("add", "last", "debrief.noted", "part=well", "text=calm").code == 0
    assert "signed up to line 3" in opened("verify", "last").out


def test_the_public_key_is_shown(opened: Command) -> None:
    ran = opened("signing", "show")
    assert ran.code == 0 and ran.out.startswith("-----BEGIN PUBLIC KEY-----\n") and "SHA-256" in ran.err
    (row,) = opened("signing", "show", "--json").rows()
    assert row["pem"] == ran.out and row["key"] in ran.err
    assert opened("signing", "rotate").code == 0
    assert opened("signing", "show").out != ran.out
    assert opened("verify").code == 0


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TRIGGER events_refuse_delete", "the guard events_refuse_delete is missing"),
        ("DROP TRIGGER checkpoints_only_append", "the guard checkpoints_only_append is missing"),
        ("DROP VIEW flags", "view flags is missing from the schema"),
        ("CREATE TABLE notes (a)", "table notes is in the schema and is not codelog's"),
    ],
)
def test_what_is_derived_is_not_trusted(
    closed: Command, store_path: Path, statement: str, words: str
) -> None:
    connection = sqlite3.connect(store_path, isolation_level=None)
    connection.execute(statement)
    connection.close()
    ran = closed("verify")
    assert ran.code == 1 and f"the store: BROKEN (store), {words}" in ran.out
    assert "intact, 2 lines" in ran.out


def test_a_generated_column_that_says_something_else_is_found(closed: Command, store_path: Path) -> None:
    connection = sqlite3.connect(store_path, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    changed = connection.execute(
        "UPDATE sqlite_master SET sql = replace(sql, '$.kind', '$.by') WHERE type = 'table' AND name = 'events'"
    )
    assert changed.rowcount == 1
    connection.close()
    ran = closed("verify")
    assert ran.code == 1 and "table events is not as codelog made it" in ran.out


def test_verify_takes_folders_and_keys(codelog: Command, tmp_path: Path) -> None:
    folder, forged = tmp_path / "export", tmp_path / "forged"
    write_folder(folder)
    write_folder(forged)
    ran = codelog("verify", str(folder))
    assert ran.code == 0 and "came with the files" in ran.err
    ran = codelog("verify", str(folder), "--key", str(folder / KEY))
    assert ran.code == 0 and ran.err == ""
    assert codelog("verify", str(forged), "--key", str(folder / KEY)).code == 1
    assert codelog("verify", str(folder), "--key", str(tmp_path / "none.pub.pem")).code == 2
    assert codelog("verify", str(folder), "--key", str(folder / "manifest.json")).code == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"v": 2}, "line 2 is of log version 2, and this codelog reads 1"),
        ({"kind": "future.kind"}, "line 2 is of the kind 'future.kind', which this codelog does not know"),
        ({"data": {"text": 1.5}}, "line 2 has a number that is not whole"),
        ({"data": {"text": "a:1.5"}}, ""),
    ],
)
def test_an_intact_line_that_cannot_be_read_is_said(
    codelog: Command, tmp_path: Path, line: dict[str, object], words: str
) -> None:
    import json

    from tests.log.log_lines import canonical

    (first,) = make_events([("case.opened", {})])
    second = canonical(json.loads(make_line(2, sha256(first))) | line)
    file = tmp_path / f"{CASE}.{TERMINAL}.jsonl"
    file.write_text(first + second + make_line(3, sha256(second)))
    ran = codelog("verify", str(file))
    assert ran.code == 0 and "intact, 3 lines" in ran.out
    assert ("not readable by this version" in ran.out) == bool(words) and words in ran.out


def test_an_empty_file_and_an_empty_store_say_so(codelog: Command, tmp_path: Path) -> None:
    file = tmp_path / "empty.jsonl"
    file.write_bytes(b"")
    ran = codelog("verify", str(file))
    assert ran.code == 1 and "it is empty" in ran.out
    assert codelog("verify").code == 3


def test_who_looked_is_told_in_fhir_too(closed: Command) -> None:
    closed("show", "last")
    resources = [json.loads(line) for line in closed("audit", "--fhir").out.splitlines()]
    assert {resource["resourceType"] for resource in resources} == {"AuditEvent"}
    assert len(resources) == len(closed("audit", "--json").rows()) - 1
