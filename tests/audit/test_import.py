"""An export comes back byte for byte, twice changes nothing, and what was altered or forked stays outside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from codelog.clinical.protocols import load_protocol
from codelog.log.store import open_store
from tests.audit.exportkit import Fact, contents, export, lines_of, store_of_scenarios
from tests.cli.cli_kit import Command

OPENING = {"setting": "nicu", "zero": "birth", "mode": "training"}
NOTES: list[Fact] = [
    (0, "case.opened", OPENING),
    (1, "note.added", {"text": "x"}),
    (2, "note.added", {"text": "y"}),
]


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """The published scenarios, exported."""
    with store_of_scenarios(tmp_path / "source.db") as store:
        export(store, tmp_path / "exported", "jsonl", "csv")
    return tmp_path / "exported"


def streams(folder: Path) -> dict[str, bytes]:
    return {
        name: content
        for name, content in contents(folder).items()
        if name.endswith((".jsonl", ".checkpoint"))
    }


def stored(path: Path) -> list[str]:
    with open_store(path, read_only=True) as store:
        return sorted(line for row in store.cases() for line in store.lines(row.case))


def seal(folder: Path) -> None:
    """Make the list of the files fit again, as somebody would who altered one."""
    names = sorted(set(contents(folder)) - {"SHA256SUMS"})
    (folder / "SHA256SUMS").write_text(
        "".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    )


def test_an_empty_store_gives_the_same_bytes_again(codelog: Command, exported: Path, tmp_path: Path) -> None:
    ran = codelog("import", str(exported))
    assert ran.code == 0 and "11 of 11 streams" in ran.err, ran.err
    assert codelog("export", "--all", "-o", str(tmp_path / "again")).code == 0
    assert streams(tmp_path / "again") == streams(exported)
    digest = load_protocol("gomella").digest
    kept = tmp_path / "data" / "protocols" / f"{digest}.toml"
    assert kept.read_bytes() == load_protocol("gomella").content
    checked = codelog("verify")
    assert checked.code == 0 and "its key is not here" not in checked.out, checked.out


def test_a_second_time_changes_nothing(codelog: Command, exported: Path, store_path: Path) -> None:
    codelog("import", str(exported))
    before = stored(store_path)
    ran = codelog("import", str(exported))
    assert ran.code == 0 and "0 of 11 streams" in ran.err
    assert stored(store_path) == before


def test_an_import_stands_in_the_audit_stream(codelog: Command, exported: Path) -> None:
    codelog("import", str(exported))
    rows = [row for row in codelog("audit", "--json").rows() if row["kind"] == "audit.imported"]
    assert len(rows) == 1 and len(rows[0]["data"]["cases"]) == 11


def test_a_longer_export_goes_on_from_what_is_stored(
    codelog: Command, tmp_path: Path, store_path: Path
) -> None:
    lines = lines_of("c", "t", NOTES)
    for count, name in ((2, "short"), (3, "long")):
        with open_store(tmp_path / f"{name}.db") as store:
            store.append_stream(lines[:count])
            export(store, tmp_path / name)
    assert codelog("import", str(tmp_path / "short")).code == 0
    assert "1 of 1 streams" in codelog("import", str(tmp_path / "long")).err
    assert "0 of 1 streams" in codelog("import", str(tmp_path / "short")).err
    assert stored(store_path) == sorted(lines)


def test_a_fork_is_refused_and_named_and_nothing_else_is_taken_in(
    codelog: Command, tmp_path: Path, store_path: Path
) -> None:
    other: list[Fact] = [*NOTES[:2], (2, "note.added", {"text": "another history"})]
    for facts, name in ((NOTES, "one"), (other, "two")):
        with open_store(tmp_path / f"{name}.db") as store:
            store.append_stream(lines_of("forked", "t", facts))
            if name == "two":
                store.append_stream(lines_of("also", "t", NOTES))
            export(store, tmp_path / name)
    assert codelog("import", str(tmp_path / "one")).code == 0
    before = stored(store_path)
    ran = codelog("import", str(tmp_path / "two"))
    assert ran.code == 1 and "fork" in ran.err and "line 3" in ran.err and "forked" in ran.err
    assert "nothing was imported" in ran.err and stored(store_path) == before


def edit(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        (file,) = folder.glob(name)
        content = file.read_bytes()
        assert old in content and old != new
        file.write_bytes(content.replace(old, new, 1))

    return apply


CASE = "c.t"


def cut_tail(folder: Path) -> None:
    lines = (folder / f"{CASE}.jsonl").read_bytes().splitlines(keepends=True)
    (folder / f"{CASE}.jsonl").write_bytes(b"".join(lines[:-1]))


def rename_stream(folder: Path) -> None:
    (folder / f"{CASE}.jsonl").rename(folder / "c.other.jsonl")


def add_stream(folder: Path) -> None:
    (folder / "d.t.jsonl").write_text("".join(lines_of("d", "t", NOTES)))


TAMPERING: dict[str, Callable[[Path], None]] = {
    "an edited line": edit(f"{CASE}.jsonl", b'"text":"x"', b'"text":"z"'),
    "a cut tail": cut_tail,
    "an edited checkpoint": edit(f"{CASE}.checkpoint", b"count 3", b"count 2"),
    "another protocol": edit("protocols/*.toml", b"=", b" ="),
    "a stream of another name": rename_stream,
    "a missing file": lambda folder: (folder / f"{CASE}.checkpoint").unlink(),
    "an added stream": add_stream,
}


@pytest.mark.parametrize("how", TAMPERING)
def test_a_tampered_folder_is_refused(codelog: Command, tmp_path: Path, store_path: Path, how: str) -> None:
    protocol = load_protocol("gomella")
    opened = OPENING | {
        "protocol": {"id": protocol.id, "version": protocol.version, "digest": protocol.digest}
    }
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of("c", "t", [(0, "case.opened", opened), *NOTES[1:]]))
        export(store, tmp_path / "out")
    before = contents(tmp_path / "out")
    TAMPERING[how](tmp_path / "out")
    assert contents(tmp_path / "out") != before
    ran = codelog("import", str(tmp_path / "out"))
    assert ran.code == 1 and "nothing was imported" in ran.err, ran.err
    assert stored(store_path) == []


@pytest.mark.parametrize(
    "how", ["an edited line", "a cut tail", "an edited checkpoint", "a stream of another name"]
)
def test_a_list_that_was_made_to_fit_does_not_help(
    codelog: Command, tmp_path: Path, store_path: Path, how: str
) -> None:
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of("c", "t", NOTES))
        export(store, tmp_path / "out")
    TAMPERING[how](tmp_path / "out")
    seal(tmp_path / "out")
    ran = codelog("import", str(tmp_path / "out"))
    assert ran.code == 1 and "nothing was imported" in ran.err, ran.err
    assert stored(store_path) == []


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (None, "has no manifest.json"),
        ("[]", "is no manifest"),
        ("{", "is no manifest"),
        ('{"format": 2}', "is no manifest"),
    ],
)
def test_what_is_no_export_is_bad_input(
    codelog: Command, tmp_path: Path, manifest: str | None, words: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    if manifest is not None:
        (folder / "manifest.json").write_text(manifest)
    ran = codelog("import", str(folder))
    assert ran.code == 2 and words in ran.err and ran.out == ""
    assert codelog("import", str(tmp_path / "nowhere")).code == 2


def test_an_export_without_lines_is_bad_input(codelog: Command, tmp_path: Path) -> None:
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of("c", "t", NOTES))
        export(store, tmp_path / "out", "csv")
    ran = codelog("import", str(tmp_path / "out"))
    assert ran.code == 2 and "jsonl" in ran.err


def test_what_was_imported_is_read_only_here(codelog: Command, tmp_path: Path) -> None:
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of("c", "t", NOTES))
        export(store, tmp_path / "out")
    codelog("import", str(tmp_path / "out"))
    ran = codelog("add", "c", "note.added", "text=more")
    assert ran.code == 2 and "can be read here" in ran.err


def test_a_deidentified_export_can_be_read_in_a_store_of_its_own(codelog: Command, tmp_path: Path) -> None:
    with store_of_scenarios(tmp_path / "s.db") as store:
        export(store, tmp_path / "out", deidentify=True)
    ran = codelog("import", str(tmp_path / "out"))
    assert ran.code == 0 and "11 of 11 streams" in ran.err, ran.err
    assert json.loads(codelog("cases", "--json").out.splitlines()[0])["label"] is None
