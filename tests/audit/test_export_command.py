"""`codelog export` at the command line: what it asks for, what it says, and its exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from codelog.log.store import open_store
from tests.audit.exportkit import SCENARIOS, Fact, alter, lines_of, manifest_of
from tests.cli.cli_kit import Command

NOTES: list[Fact] = [
    (0, "case.opened", {"setting": "nicu", "zero": "birth", "mode": "training"}),
    (1, "note.added", {"text": "x"}),
    (2, "note.added", {"text": "y"}),
]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "out"], "--all"),
        (["last", "--all", "-o", "out"], "--all"),
        (["last"], "-o"),
        (["last", "--format", "xml", "-o", "out"], "jsonl"),
        (["last", "--include-reviewed-text", "-o", "out"], "--deidentify"),
        (["ffff", "-o", "out"], "no case begins with"),
    ],
)
def test_bad_input_is_one_sentence(opened: Command, tmp_path: Path, arguments: list[str], words: str) -> None:
    ran = opened("export", *(str(tmp_path / part) if part == "out" else part for part in arguments))
    assert ran.code == 2 and words in ran.err and ran.out == ""
    assert not (tmp_path / "out").exists()


def test_several_formats_and_a_purpose(opened: Command, tmp_path: Path) -> None:
    ran = opened(
        "export",
        "last",
        "--format",
        "csv",
        "--format",
        "jsonl",
        "--purpose",
        "review",
        "-o",
        str(tmp_path / "out"),
    )
    assert ran.code == 0 and ran.out == "" and "1 case, 1 lines" in ran.err
    paper = manifest_of(tmp_path / "out")
    assert paper["formats"] == ["jsonl", "csv"] and paper["purpose"] == "review"
    assert opened("export", "last", "-o", str(tmp_path / "plain")).code == 0
    assert manifest_of(tmp_path / "plain")["purpose"] == "not stated"
    assert manifest_of(tmp_path / "plain")["formats"] == ["jsonl"]


def test_every_export_stands_in_the_audit_stream(opened: Command, tmp_path: Path) -> None:
    opened("export", "last", "--purpose", "review", "-o", str(tmp_path / "out"))
    opened("export", "--all", "--deidentify", "-o", str(tmp_path / "other"))
    (case,) = [row["case"] for row in opened("cases", "--json").rows()]
    rows = [row["data"] for row in opened("audit", "--json").rows() if row["kind"] == "audit.exported"]
    assert [row["deidentified"] for row in rows] == [False, True]
    assert all(row["cases"] == [case] for row in rows)
    assert rows[0]["purpose"] == "review" and rows[0]["to"] == str(tmp_path / "out")


def test_an_export_that_fails_does_not_say_that_it_left(opened: Command, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    ran = opened("export", "last", "-o", str(tmp_path / "out"))
    assert ran.code == 2 and "is there already" in ran.err
    assert not [row for row in opened("audit", "--json").rows() if row["kind"] == "audit.exported"]


def test_the_exported_folder_verifies(opened: Command, tmp_path: Path) -> None:
    opened("export", "last", "-o", str(tmp_path / "out"))
    ran = opened("verify", str(tmp_path / "out"))
    assert ran.code == 0 and "signed up to line 1" in ran.out, ran.out


def test_a_broken_case_is_exit_code_1(codelog: Command, store_path: Path, tmp_path: Path) -> None:
    lines = lines_of("broken", "t", NOTES)
    store_path.parent.mkdir()
    with open_store(store_path) as store:
        store.append_stream(lines)
    alter(store_path, "broken", 2, lines[1].replace('"text":"x"', '"text":"z"'))
    ran = codelog("export", "broken", "-o", str(tmp_path / "out"))
    assert ran.code == 1 and "line 3 does not link" in ran.err
    assert (tmp_path / "out" / "broken.t.jsonl").exists()


def test_an_empty_store_has_nothing_to_export(codelog: Command, tmp_path: Path) -> None:
    codelog("db", "upgrade")
    ran = codelog("export", "--all", "-o", str(tmp_path / "out"))
    assert ran.code == 2 and "no case" in ran.err


def test_without_pyarrow_parquet_is_one_sentence(
    opened: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ran = opened("export", "last", "--format", "parquet", "-o", str(tmp_path / "out"))
    assert ran.code == 2 and "codelog[parquet]" in ran.err
    assert not (tmp_path / "out").exists() and not (tmp_path / ".out.partial").exists()


def test_pyarrow_is_imported_for_parquet_alone(opened: Command, store_path: Path, tmp_path: Path) -> None:
    import subprocess

    code = (
        "import json, sys; from codelog.cli.main import run;"
        "code = run(sys.argv[1:]); print(json.dumps([code, sorted({'pyarrow', 'textual', 'alembic'} & set(sys.modules))]))"
    )
    command = [sys.executable, "-c", code, "--db", str(store_path), "export", "last", "--format", "csv"]
    done = subprocess.run([*command, "-o", str(tmp_path / "out")], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [0, []]


def test_snomed_codes_are_left_out_where_that_is_asked_for(codelog: Command, tmp_path: Path) -> None:
    codelog("replay", str(SCENARIOS[0]), "--record")
    with_codes, without = tmp_path / "with", tmp_path / "without"
    assert codelog("export", "--all", "--format", "fhir", "-o", str(with_codes)).code == 0
    assert codelog("export", "--all", "--format", "fhir", "--no-snomed", "-o", str(without)).code == 0
    (coded,), (uncoded,) = (list(folder.glob("*.fhir-r4.json")) for folder in (with_codes, without))
    assert b"http://snomed.info/sct" in coded.read_bytes()
    assert b"http://snomed.info/sct" not in uncoded.read_bytes()
