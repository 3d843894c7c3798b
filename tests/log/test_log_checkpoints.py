"""Checkpoints are made when due, kept for ever, and hold the chain to what was signed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from codelog.log import checkpoints
from codelog.log.audit_kinds import AUDIT
from codelog.log.audit_stream import audit_events_of, note
from codelog.log.chain import Break
from codelog.log.check import check, verify_store
from codelog.log.checkpoints import EVERY, is_due, keep, newest, sign, sign_due, sign_overdue
from codelog.log.errors import KeyUnusable, LineRefused, StoreDamaged, StoreForked
from codelog.log.guards import GUARDS
from codelog.log.migrate import migrate, upgrade
from codelog.log.notes import read_checkpoint
from codelog.log.signing import key_file, load_signer, receive_keys
from codelog.log.store import Store, open_store
from codelog.log.verdicts import Verdict
from tests.log.log_lines import (
    CASE,
    OTHER_CASE,
    TERMINAL,
    add,
    by_hand,
    make_events,
    make_line,
    make_stream,
    sha256,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "codelog.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path) as store:
        store.append_stream(make_stream(60))
        yield store


def of_case(path: Path, case: str = CASE) -> Verdict:
    """The one verdict of a case's stream."""
    (verdict,) = [verdict for verdict in verify_store(path) if case in verdict.name]
    return verdict


def counts(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [count for (count,) in connection.execute("SELECT count FROM checkpoints ORDER BY count")]


def tamper(path: Path, *statements: str) -> None:
    """Change rows past the guards, and put the guards back."""
    drops = [f"DROP TRIGGER {name}" for name in GUARDS]
    by_hand(path, *drops, *statements, *GUARDS.values())


def replaced(lines: list[str], terminal: str = TERMINAL) -> list[str]:
    """Statements that put other lines, whose chain links, in the place of a stream's."""
    delete = f"DELETE FROM events WHERE terminal = '{terminal}'"
    inserts = [
        f"""INSERT INTO events VALUES ('{CASE}', '{terminal}', {seq}, '{sha256(line)}', '{line}')"""
        for seq, line in enumerate(lines, 1)
    ]
    return [delete, *inserts]


@pytest.mark.parametrize(
    ("count", "signed", "closed", "due"),
    [(49, 0, False, False), (50, 0, False, True), (99, 50, False, False), (100, 50, False, True)]
    + [(2, 0, True, True), (2, 2, True, False), (3, 2, True, True)],
)
def test_every_fifty_entries_and_at_the_closing(count: int, signed: int, closed: bool, due: bool) -> None:
    assert EVERY == 50
    assert is_due(count, signed, closed=closed) is due


def test_a_signed_stream_says_how_far(store: Store, path: Path) -> None:
    made = sign(store, CASE, TERMINAL)
    assert (made.checkpoint.count, made.checkpoint.head) == store.head(CASE, TERMINAL)
    assert sign(store, CASE, TERMINAL) == made
    assert newest(store, CASE) == {TERMINAL: made}
    assert counts(path) == [60]
    verdict = of_case(path)
    assert verdict.intact and verdict.signed == made
    assert check(path) == []


def test_only_what_is_due_is_signed(path: Path) -> None:
    with open_store(path) as store:
        store.append_stream(make_stream(49))
        assert sign_due(store, CASE, TERMINAL) == 0
        store.append_stream(make_stream(50))
        assert sign_due(store, CASE, TERMINAL) == 50
        store.append_stream(make_stream(99))
        assert sign_due(store, CASE, TERMINAL) == 50
        assert sign_due(store, OTHER_CASE, TERMINAL) == 0
    assert counts(path) == [50]
    assert "the 49 after it" in of_case(path).remarks[0]


def test_the_next_start_signs_what_a_crash_left(path: Path) -> None:
    with open_store(path) as store:
        store.append_stream(make_events([("case.opened", {}), ("case.closed", {"outcome": "died"})]))
        store.append_stream(make_stream(49, case=OTHER_CASE))
    with open_store(path) as store:
        sign_overdue(store)
        assert list(newest(store, CASE)) == [TERMINAL]
        assert newest(store, OTHER_CASE) == {}


def test_the_audit_stream_is_signed_too(store: Store, path: Path) -> None:
    for _ in range(EVERY - 2):
        note(path, "audit.read", {"command": "test"})
    sign_overdue(store)
    assert AUDIT not in newest(store, AUDIT)
    note(path, "audit.read", {"command": "test"})
    sign_overdue(store)
    assert newest(store, AUDIT)[store.terminal].checkpoint.count == EVERY
    assert len(list(audit_events_of(store))) == EVERY


# What is signed tells


def test_a_cut_tail_shows(store: Store, path: Path) -> None:
    sign(store, CASE, TERMINAL)
    tamper(path, "DELETE FROM events WHERE seq > 55")
    finding = of_case(path).finding
    assert isinstance(finding, Break) and (finding.line, finding.what) == (56, "tail_cut")


def test_a_last_line_that_was_edited_shows(store: Store, path: Path) -> None:
    lines = make_stream(60)
    store.append_stream(lines)
    sign(store, CASE, TERMINAL)
    tamper(path, *replaced([*lines[:59], make_line(60, sha256(lines[58]), data={"text": "forged"})]))
    finding = of_case(path).finding
    assert (
        isinstance(finding, Break)
        and finding.line == 60
        and "line 60 does not hash to the head" in finding.problem
    )


def test_a_chain_that_was_made_anew_shows_and_is_narrowed_down(path: Path) -> None:
    with open_store(path) as store:
        for count in (50, 100):
            store.append_stream(make_stream(count))
            sign(store, CASE, TERMINAL)
        store.append_stream(make_stream(110))
    lines = make_stream(70)
    while len(lines) < 110:
        lines.append(make_line(len(lines) + 1, sha256(lines[-1]), data={"text": "forged"}))
    tamper(path, *replaced(lines))
    verdict = of_case(path)
    assert isinstance(verdict.finding, Break) and verdict.finding.what == "forked"
    assert "some of lines 51 to 100 were altered" in verdict.finding.problem
    assert verdict.remarks[-1].startswith("lines 1 to 50 are as signed")


def test_a_whole_stream_that_is_gone_shows(store: Store, path: Path) -> None:
    sign(store, CASE, TERMINAL)
    tamper(path, "DELETE FROM events")
    finding = of_case(path).finding
    assert (
        isinstance(finding, Break)
        and finding.what == "missing"
        and "60 lines of it were signed" in finding.problem
    )


def test_a_forged_checkpoint_shows(store: Store, path: Path) -> None:
    sign(store, CASE, TERMINAL)
    tamper(path, "UPDATE checkpoints SET note = replace(note, 'software codelog', 'software kodelog')")
    finding = of_case(path).finding
    assert isinstance(finding, Break) and finding.what == "bad_signature"


def test_what_does_not_link_is_not_signed(store: Store, path: Path) -> None:
    line = make_stream(60)[29].replace("entry 30", "forged")
    tamper(path, f"UPDATE events SET line = '{line}', digest = '{sha256(line)}' WHERE seq = 30")
    with pytest.raises(StoreDamaged, match="is not signed: line 31 does not link"):
        sign(store, CASE, TERMINAL)
    assert counts(path) == []


def test_what_contradicts_an_earlier_checkpoint_is_not_signed(store: Store, path: Path) -> None:
    sign(store, CASE, TERMINAL)
    forged = [make_line(1, "0" * 64, "case.opened", {"mode": "clinical"})]
    while len(forged) < 70:
        forged.append(make_line(len(forged) + 1, sha256(forged[-1])))
    tamper(path, *replaced(forged))
    with pytest.raises(StoreDamaged, match="is not signed: line 61 does not link"):
        sign(store, CASE, TERMINAL)
    tamper(path, "DELETE FROM events WHERE seq > 50")
    with pytest.raises(StoreDamaged, match="60 lines were signed before, and 50 are here"):
        sign(store, CASE, TERMINAL)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE checkpoints SET note = note",
        "DELETE FROM checkpoints",
        "INSERT OR REPLACE INTO checkpoints SELECT * FROM checkpoints",
        "UPDATE audit_events SET line = line",
        "DELETE FROM audit_events",
        'INSERT OR REPLACE INTO audit_events SELECT "case", terminal, seq, digest, line FROM audit_events',
    ],
)
def test_checkpoints_and_audit_stream_are_guarded(store: Store, path: Path, statement: str) -> None:
    sign(store, CASE, TERMINAL)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as shell,
        pytest.raises(sqlite3.IntegrityError, match="codelog: .*(never|already)"),
    ):
        shell.execute(statement)


def test_an_entry_needs_no_key(store: Store, path: Path) -> None:
    key_file(path, store.terminal).unlink()
    add(store, CASE)
    with pytest.raises(KeyUnusable):
        sign(store, CASE, TERMINAL)


# Import


def test_a_checkpoint_is_taken_in_once_with_its_key(store: Store, path: Path, tmp_path: Path) -> None:
    note_text = sign(store, CASE, TERMINAL).note.write()
    elsewhere = tmp_path / "elsewhere" / "codelog.db"
    with open_store(elsewhere) as other:
        other.append_stream(make_stream(60))
        assert keep(other, note_text) is True
        assert keep(other, note_text) is False
        assert "its key is not here" in of_case(elsewhere).remarks[0]
        receive_keys(elsewhere, [load_signer(path).public], "test")
        receive_keys(elsewhere, [load_signer(path).public], "test")
        assert [event.kind for event in audit_events_of(other)].count("audit.key_received") == 1
    signed = of_case(elsewhere).signed
    assert signed is not None and signed.note.signer == store.terminal


def test_a_checkpoint_of_another_history_is_refused(store: Store, tmp_path: Path) -> None:
    note_text = sign(store, CASE, TERMINAL).note.write()
    with open_store(tmp_path / "elsewhere" / "codelog.db") as other:
        other.append_stream(
            make_events([("case.opened", {"mode": "clinical"})] + [("note.added", None)] * 59)
        )
        with pytest.raises(StoreForked, match="line 60 does not hash to the head"):
            keep(other, note_text)
        with pytest.raises(LineRefused, match="it is no signed note"):
            keep(other, "codelog checkpoint 1\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("count 60", "count 0"),
        ("count 60", "count 060"),
        ("head ", "head x"),
        ("case ", "case ../"),
        ("\n\n", "\n"),
    ],
)
def test_what_is_no_checkpoint_is_refused(store: Store, old: str, new: str) -> None:
    content = sign(store, CASE, TERMINAL).note.write()
    assert old in content
    with pytest.raises(ValueError, match="it is no signed note|its text is no checkpoint"):
        read_checkpoint(content.replace(old, new, 1))


# A store of the first schema


def old_store(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A store as codelog made it before there were checkpoints; returns its lines."""
    from codelog.log import migrate as making
    from codelog.log.engine import driver, make_engine

    lines = make_stream(5)
    with monkeypatch.context() as patched:
        patched.setattr(making, "migrate", lambda connection: migrate(connection, "0001"))
        making.create(path)
    engine = make_engine(path, writes=True)
    with engine.connect() as connection:
        for seq, line in enumerate(lines, 1):
            row = (CASE, TERMINAL, seq, sha256(line), line)
            driver(connection.connection).execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", row)
    engine.dispose()
    return lines


def test_a_store_of_the_first_schema_is_upgraded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = old_store(path, monkeypatch)
    assert check(path) == ["the schema 0001 is older than this codelog's 0002; run `codelog db upgrade`"]
    assert of_case(path).intact
    kept = upgrade(path)
    assert kept is not None and check(path) == []
    with open_store(path) as store:
        assert list(store.lines(CASE)) == lines
        assert sign(store, CASE, TERMINAL).checkpoint.count == 5
        assert checkpoints.newest(store, CASE)[TERMINAL].note.signer == store.terminal


def test_a_backup_of_the_first_schema_is_restored_and_brought_up_to_date(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from codelog.log.backup import backup, restore

    lines = old_store(path, monkeypatch)
    saved, fresh = tmp_path / "saved.db", tmp_path / "fresh" / "codelog.db"
    assert backup(path, saved) == []
    restore(saved, fresh)
    with open_store(fresh) as store:
        assert list(store.lines(CASE)) == lines
    assert check(fresh) == []
