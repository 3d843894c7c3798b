"""An export is there as a whole or not at all, whatever happens in the middle, and can be gone on with."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from codelog.audit import export as exporting
from codelog.audit.folder import FolderFailed, TargetRefused
from codelog.clinical.protocols import load_protocol
from codelog.log.store import open_store
from tests.audit.exportkit import (
    ALL_FORMATS,
    SCENARIOS,
    Fact,
    alter,
    contents,
    export,
    lines_of,
    manifest_of,
    store_of_scenarios,
)

OPENING = {"setting": "nicu", "zero": "birth", "mode": "training"}
NOTES: list[Fact] = [
    (0, "case.opened", OPENING),
    (1, "note.added", {"text": "x"}),
    (2, "note.added", {"text": "y"}),
]


def left_beside(folder: Path) -> list[str]:
    """What lies in a folder besides the store's own files."""
    return sorted(
        path.name for path in folder.iterdir() if not path.name.startswith(("s.db", "t-", "protocols"))
    )


def test_the_lines_are_the_stored_bytes_and_the_manifest_names_every_file(tmp_path: Path) -> None:
    with store_of_scenarios(tmp_path / "s.db") as store:
        outcome = export(store, tmp_path / "out", *ALL_FORMATS, purpose="morbidity meeting")
        files = contents(tmp_path / "out")
        for case in outcome.cases:
            assert files[f"{case}.replay.jsonl"] == "".join(store.lines(case)).encode()
            assert f"{case}.replay.checkpoint" in files and f"{case}.fhir-r4.json" in files
        terminal = store.terminal
    paper = manifest_of(tmp_path / "out")
    assert paper["purpose"] == "morbidity meeting" and paper["by"] == "somebody"
    assert paper["software"] == "codelog 0.0.0" and paper["at"] == "2025-11-24T16:00:00.000Z"
    named = {row["name"]: (row["bytes"], row["sha256"]) for row in paper["files"]}
    unnamed = {"manifest.json", "SHA256SUMS"}
    assert named == {
        name: (len(content), hashlib.sha256(content).hexdigest())
        for name, content in files.items()
        if name not in unnamed
    }
    protocol = load_protocol("gomella")
    assert files[f"protocols/{protocol.digest}.toml"] == protocol.content
    assert {"verify.sh", f"{terminal}.pub.pem", "data-dictionary.csv"} <= named.keys()
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out", check=False
    )
    assert checked.returncode == 0
    assert set(files) == {line.split("  ")[1] for line in files["SHA256SUMS"].decode().splitlines()} | {
        "SHA256SUMS"
    }
    assert outcome.manifest == hashlib.sha256(files["manifest.json"]).hexdigest()
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert left_beside(tmp_path) == ["out"]


@pytest.mark.skipif(
    shutil.which("jq") is None and os.environ.get("CI") != "true",
    reason="verify.sh needs jq, which is not here",
)
@pytest.mark.parametrize("deidentify", [False, True])
def test_the_script_in_the_folder_verifies_it(tmp_path: Path, deidentify: bool) -> None:
    with store_of_scenarios(tmp_path / "s.db") as store:
        export(store, tmp_path / "out", *ALL_FORMATS, deidentify=deidentify)
    command = ["sh", str(tmp_path / "out" / "verify.sh")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0 and "VERIFIED: 11 streams" in ran.stdout, ran.stdout + ran.stderr
    assert ("not signed" in ran.stdout) is deidentify


def test_an_open_case_is_exported_as_open_and_a_reopened_one_too(tmp_path: Path) -> None:
    close: Fact = (3, "case.closed", {"outcome": "other", "events": 4})
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines_of("open", "t", NOTES))
        store.append_stream(lines_of("closed", "t", [*NOTES, close]))
        store.append_stream(lines_of("reopened", "t", [*NOTES, close, (4, "case.reopened", {})]))
        retracted: Fact = (4, "event.retracted", {"target": 4, "reason": "too early"})
        store.append_stream(lines_of("unclosed", "t", [*NOTES, close, retracted]))
        export(store, tmp_path / "out")
    states = {entry["case"]: entry["state"] for entry in manifest_of(tmp_path / "out")["cases"]}
    assert states == {"open": "open", "closed": "closed", "reopened": "open", "unclosed": "open"}


def test_a_broken_case_goes_out_with_its_break_and_the_others_whole(tmp_path: Path) -> None:
    lines = lines_of("broken", "t", NOTES)
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines)
        store.append_stream(lines_of("whole", "t", NOTES))
    altered = lines[1].replace('"text":"x"', '"text":"z"')
    assert altered != lines[1]
    alter(tmp_path / "s.db", "broken", 2, altered)
    with open_store(tmp_path / "s.db", read_only=True) as store:
        outcome = export(store, tmp_path / "out", *ALL_FORMATS)
    ((case, problem),) = outcome.problems
    assert case == "broken" and "line 3 does not link" in problem
    files = contents(tmp_path / "out")
    assert files["broken.t.jsonl"] == "".join([lines[0], altered, lines[2]]).encode()
    assert "broken.t.checkpoint" not in files and "whole.t.checkpoint" in files
    entries = {entry["case"]: entry for entry in manifest_of(tmp_path / "out")["cases"]}
    (stream,) = entries["broken"]["streams"]
    assert (stream["intact"], stream["head"], stream["lines"]) == (False, None, 3)
    assert entries["broken"]["problems"] == [problem] and entries["whole"]["problems"] == []


def test_a_line_that_this_version_cannot_read_is_handed_out_and_said(tmp_path: Path) -> None:
    first, *_ = lines_of("newer", "t", NOTES)
    newer = json.dumps(
        json.loads(lines_of("newer", "t", NOTES)[1]) | {"kind": "music.played"},
        sort_keys=True,
        separators=(",", ":"),
    )
    with open_store(tmp_path / "s.db") as store:
        store.append_stream([first, newer + "\n"])
        outcome = export(store, tmp_path / "out", "jsonl", "csv")
    assert [problem for _, problem in outcome.problems] != []
    assert "music.played" in outcome.problems[0][1]
    assert contents(tmp_path / "out")["newer.t.jsonl"] == (first + newer + "\n").encode()


@pytest.mark.parametrize("there", ["file", "folder", "empty folder", "link to nothing"])
def test_a_target_that_exists_is_never_replaced(tmp_path: Path, there: str) -> None:
    target = tmp_path / "out"
    if there == "file":
        target.write_text("mine")
    elif there == "link to nothing":
        target.symlink_to(tmp_path / "nothing")
    else:
        target.mkdir()
        if there == "folder":
            (target / "mine").write_text("mine")
    before = left_beside(tmp_path)
    with (
        store_of_scenarios(tmp_path / "s.db", SCENARIOS[:1]) as store,
        pytest.raises(TargetRefused) as caught,
    ):
        export(store, target)
    assert "is there already" in str(caught.value)
    assert left_beside(tmp_path) == before


def test_a_target_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with (
        store_of_scenarios(tmp_path / "s.db", SCENARIOS[:1]) as store,
        pytest.raises(TargetRefused) as caught,
    ):
        export(store, tmp_path / "no" / "out")
    assert "make it first" in str(caught.value)


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size`: as a full disk, in the middle of a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("format", ALL_FORMATS)
def test_a_disk_that_is_full_in_the_middle_leaves_nothing(tmp_path: Path, format: str) -> None:
    with store_of_scenarios(tmp_path / "s.db") as store:
        # So that the signing of the streams does not write into the store.
        export(store, tmp_path / "before", "jsonl")
        with files_limited_to(4_000), pytest.raises(FolderFailed, match="nothing was left"):
            export(store, tmp_path / "out", format)
    assert left_beside(tmp_path) == ["before"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_small_disk_that_fills_up_leaves_nothing(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        with store_of_scenarios(tmp_path / "s.db") as store, pytest.raises(FolderFailed) as caught:
            export(store, small / "out", *ALL_FORMATS)
        assert "No space left" in str(caught.value)
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with store_of_scenarios(tmp_path / "s.db", SCENARIOS[:1]) as store, pytest.raises(FolderFailed) as caught:
        export(store, closed / "out")
    assert "cannot be written" in str(caught.value)


class Stopped(KeyboardInterrupt):
    """Somebody pressed Ctrl-C."""


def stop_after(cases: int) -> object:
    told = 0

    def stop(more: int, many: int) -> None:
        nonlocal told
        told += more
        if told >= cases:
            raise Stopped

    return stop


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "BATCH", 60)


def test_an_interrupted_export_of_everything_is_gone_on_with(tmp_path: Path, small_batches: None) -> None:
    with store_of_scenarios(tmp_path / "s.db") as store:
        export(store, tmp_path / "in one go", *ALL_FORMATS)
        with pytest.raises(Stopped):
            export(store, tmp_path / "out", *ALL_FORMATS, told=stop_after(7))
        assert not (tmp_path / "out").exists()
        outcome = export(store, tmp_path / "out", *ALL_FORMATS)
    assert 0 < outcome.taken_up < len(outcome.cases) == len(SCENARIOS)
    assert left_beside(tmp_path) == ["in one go", "out"]
    whole, resumed = contents(tmp_path / "in one go"), contents(tmp_path / "out")
    assert whole.keys() == resumed.keys()
    assert [name for name in whole if whole[name] != resumed[name]] == []


def test_what_was_spoilt_meanwhile_is_not_gone_on_with(tmp_path: Path, small_batches: None) -> None:
    with store_of_scenarios(tmp_path / "s.db") as store:
        export(store, tmp_path / "in one go", "csv")
        with pytest.raises(Stopped):
            export(store, tmp_path / "out", "csv", told=stop_after(7))
        half = tmp_path / ".out.partial" / "events.csv"
        content = half.read_bytes()
        half.write_bytes(content[:200] + b"X" + content[201:])
        assert export(store, tmp_path / "out", "csv").taken_up == 0
    assert contents(tmp_path / "in one go") == contents(tmp_path / "out")


def test_another_request_does_not_go_on_with_it(tmp_path: Path, small_batches: None) -> None:
    with store_of_scenarios(tmp_path / "s.db") as store:
        with pytest.raises(Stopped):
            export(store, tmp_path / "out", "csv", told=stop_after(7))
        assert export(store, tmp_path / "out", "jsonl").taken_up == 0
    assert not [name for name in contents(tmp_path / "out") if name.endswith(".csv")]


@pytest.mark.parametrize("deidentify", [True, False])
def test_other_interrupted_exports_leave_nothing(tmp_path: Path, deidentify: bool) -> None:
    with store_of_scenarios(tmp_path / "s.db") as store:
        named = None if deidentify else [row.case for row in store.cases()]
        with pytest.raises(Stopped):
            export(store, tmp_path / "out", cases=named, told=stop_after(5), deidentify=deidentify)
    assert left_beside(tmp_path) == []


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from codelog.audit import export as exporting
from codelog.log.store import open_store
from tests.audit.exportkit import ALL_FORMATS, export
exporting.BATCH = 60
seen = 0
def told(more, many):
    global seen
    seen += more
    if seen >= 7:
        os.kill(os.getpid(), signal.SIGKILL)
with open_store(sys.argv[2]) as store:
    export(store, Path(sys.argv[3]), *ALL_FORMATS, told=told)
"""


def test_a_killed_export_leaves_nothing_at_the_target_and_is_gone_on_with(
    tmp_path: Path, small_batches: None
) -> None:
    store_of_scenarios(tmp_path / "s.db").close()
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", KILLED, str(root), str(tmp_path / "s.db"), str(tmp_path / "out")]
    done = subprocess.run(command, check=False)
    assert done.returncode == -signal.SIGKILL
    assert left_beside(tmp_path) == [".out.partial"]
    with open_store(tmp_path / "s.db") as store:
        assert export(store, tmp_path / "out", *ALL_FORMATS).taken_up > 0
        export(store, tmp_path / "in one go", *ALL_FORMATS)
    assert contents(tmp_path / "out") == contents(tmp_path / "in one go")


def test_two_exports_to_one_target_do_not_share_a_folder(tmp_path: Path) -> None:
    refused: list[str] = []
    with store_of_scenarios(tmp_path / "s.db") as store:

        def meanwhile(more: int, many: int) -> None:
            if not refused:
                with pytest.raises(TargetRefused) as caught:
                    export(store, tmp_path / "out")
                refused.append(str(caught.value))

        export(store, tmp_path / "out", told=meanwhile)
    assert "another export" in refused[0]
    assert (tmp_path / "out" / "manifest.json").exists()


def test_what_is_added_while_it_is_exported_is_not_in_it(tmp_path: Path) -> None:
    lines = lines_of("growing", "t", NOTES)
    with open_store(tmp_path / "s.db") as store:
        store.append_stream(lines[:2])
        export(
            store,
            tmp_path / "out",
            told=lambda more, many: None if more else store.append_stream(lines) and None,
        )
        assert store.head("growing", "t")[0] == 3
    assert contents(tmp_path / "out")["growing.t.jsonl"] == "".join(lines[:2]).encode()
    assert b"count 2\n" in contents(tmp_path / "out")["growing.t.checkpoint"]


def test_memory_does_not_grow_with_the_store(tmp_path: Path) -> None:
    """What a store four times as long has more of would show; the benchmark measures a million events."""
    peaks = []
    for cases in (20, 80):
        path = tmp_path / f"{cases}.db"
        with open_store(path) as store:
            for number in range(cases):
                facts: list[Fact] = [(n, "note.added", {"text": "x" * 6_000}) for n in range(1, 40)]
                store.append_stream(lines_of(f"case-{number:03d}", "t", [NOTES[0], *facts]))
        code = (
            "import sys, resource; sys.path.insert(0, sys.argv[1]); from pathlib import Path;"
            "from codelog.log.store import open_store; from tests.audit.exportkit import export\n"
            "with open_store(sys.argv[2]) as store: export(store, Path(sys.argv[3]), 'jsonl', 'csv')\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        command = [
            sys.executable,
            "-c",
            code,
            str(Path(__file__).parents[2]),
            str(path),
            str(tmp_path / str(cases)),
        ]
        peaks.append(int(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
        shutil.rmtree(tmp_path / str(cases))
    assert peaks[1] - peaks[0] < 8_000, peaks
