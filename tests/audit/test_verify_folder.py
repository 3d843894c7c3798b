"""An export folder is checked by `codelog verify` and by its own script, and both find every kind of tampering."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import pytest

from codelog.audit.verify import CannotVerify, keys_beside, verify_path
from codelog.log.chain import Break
from tests.audit.folderkit import FIRST, KEY, NOTE, SECOND, TAMPERINGS, seal, write_folder
from tests.log.log_lines import CASE, OTHER_CASE, TERMINAL

TOOLS = ("jq", "openssl", "sha256sum")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
outsider = pytest.mark.skipif(
    bool(MISSING) and os.environ.get("CI") != "true",
    reason=f"NOT TESTED: verify.sh, which is for outsiders, needs {', '.join(MISSING)}",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "an export"
    write_folder(folder)
    return folder


def found(folder: Path) -> list[tuple[str, str, str]]:
    """File, kind and sentence of every finding."""
    return [
        (Path(verdict.name).name, verdict.finding.what, verdict.finding.problem)
        for verdict in verify_path(folder)
        if isinstance(verdict.finding, Break)
    ]


def run_script(folder: Path, *arguments: str) -> tuple[int, str]:
    """The script that ships with codelog, on a folder, in a plain shell."""
    with resources.as_file(resources.files("codelog.audit") / "verify.sh") as script:
        done = subprocess.run(
            ["sh", script, *arguments, folder], capture_output=True, text=True, check=False, timeout=60
        )
    return done.returncode, done.stdout + done.stderr


def tamper(file: Path, content: str) -> None:
    before = file.read_text()
    file.write_text(content)
    assert file.read_text() != before


def test_an_untouched_folder_is_intact(folder: Path) -> None:
    assert found(folder) == []
    names = [Path(verdict.name).name for verdict in verify_path(folder)]
    assert names == [FIRST, SECOND]
    assert all("signed up to line 20" in verdict.remarks[0] for verdict in verify_path(folder))


@outsider
def test_an_untouched_folder_is_intact_for_outsiders(folder: Path) -> None:
    code, said = run_script(folder)
    assert (code, said.splitlines()[-1]) == (0, "VERIFIED: 2 streams"), said
    (key,) = {key.fingerprint for key in keys_beside(folder) if key.fingerprint in said}
    assert f"SHA-256 {key}" in said


@outsider
def test_the_script_is_fast(folder: Path, tmp_path: Path) -> None:
    """Thousands of lines without a process for each: a loop of one `jq` a line takes a minute here."""
    long = tmp_path / "long"
    write_folder(long, 2_000)
    code, said = run_script(long)
    assert code == 0, said


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_with_lines_is_named(folder: Path, name: str) -> None:
    change, what, words, _ = TAMPERINGS[name]
    tamper(folder / FIRST, "".join(change((folder / FIRST).read_text().splitlines(keepends=True))))
    assert [(file, found_what) for file, found_what, _ in found(folder)] == [(FIRST, "edited"), (FIRST, what)]
    seal(folder)
    ((file, found_what, problem),) = found(folder)
    assert (file, found_what) == (FIRST, what)
    assert re.search(words, problem), problem


@outsider
@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_with_lines_is_named_to_outsiders(folder: Path, name: str) -> None:
    change, _, _, words = TAMPERINGS[name]
    tamper(folder / FIRST, "".join(change((folder / FIRST).read_text().splitlines(keepends=True))))
    code, said = run_script(folder)
    assert (
        code == 1
        and f"FAILED  SHA256SUMS: these files are altered or missing, or a line of it is: {FIRST}" in said
    )
    seal(folder)
    code, said = run_script(folder)
    assert code == 1 and f"FAILED  {FIRST}: " in said and words in said, said
    assert f"ok      {SECOND}" in said and "NOT VERIFIED: 1 findings" in said


def _checkpoint_count(folder: Path) -> None:
    tamper(folder / NOTE, (folder / NOTE).read_text().replace("count 20", "count 19"))


def _checkpoint_of_the_other(folder: Path) -> None:
    tamper(folder / NOTE, (folder / f"{OTHER_CASE}.{TERMINAL}.checkpoint").read_text())


def _checkpoint_not_a_note(folder: Path) -> None:
    tamper(folder / NOTE, "codelog checkpoint 1\n")


def _checkpoint_missing(folder: Path) -> None:
    (folder / NOTE).unlink()


def _stream_missing(folder: Path) -> None:
    (folder / FIRST).unlink()


def _another_key(folder: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.generate().public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    tamper(folder / KEY, pem.decode())


FOLDERS = {
    _checkpoint_count: ("bad_signature", "bad signature"),
    _checkpoint_of_the_other: ("foreign", "belongs to another stream"),
    _checkpoint_not_a_note: ("bad_signature", "this is no signed checkpoint"),
    _checkpoint_missing: ("missing", "its checkpoint is missing"),
    _stream_missing: ("missing", "its lines are missing"),
}


@pytest.mark.parametrize("change", FOLDERS)
def test_tampering_with_the_folder_is_named(folder: Path, change: object) -> None:
    assert callable(change)
    change(folder)
    seal(folder)
    assert [(file, what) for file, what, _ in found(folder)] == [(FIRST, FOLDERS[change][0])]


@outsider
@pytest.mark.parametrize("change", FOLDERS)
def test_tampering_with_the_folder_is_named_to_outsiders(folder: Path, change: object) -> None:
    assert callable(change)
    change(folder)
    seal(folder)
    code, said = run_script(folder)
    assert code == 1 and FOLDERS[change][1] in said, said


def test_a_checkpoint_whose_key_is_not_here_proves_nothing(folder: Path) -> None:
    _another_key(folder)
    seal(folder)
    assert [what for _, what, _ in found(folder)] == ["bad_signature", "bad_signature"]
    assert all("its key is not here" in problem for _, _, problem in found(folder))


@outsider
def test_a_key_from_elsewhere_is_believed_and_not_the_one_in_the_folder(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / KEY
    shutil.copy(folder / KEY, elsewhere)
    assert run_script(folder, "-k", str(elsewhere))[0] == 0
    forged = tmp_path / "forged"
    write_folder(forged)
    assert run_script(forged)[0] == 0
    code, said = run_script(forged, "-k", str(elsewhere))
    assert code == 1 and "the key" in said
    assert not any(verdict.intact for verdict in verify_path(forged, keys_beside(folder)))


@pytest.mark.parametrize("number", [1, 2])
def test_other_files_are_held_against_the_list(folder: Path, number: int) -> None:
    tamper(folder / "protocols" / "p.toml", "id = 'q'\n")
    (folder / "manifest.json").unlink()
    (folder / "added.csv").write_text("a\n")
    names = [(file, what) for file, what, _ in found(folder)]
    assert names == [("manifest.json", "missing"), ("p.toml", "edited"), ("added.csv", "inserted")]
    if not MISSING:
        code, said = run_script(folder)
        assert (
            code == 1 and "manifest.json protocols/p.toml" in said and "not listed in it: added.csv" in said
        )


def test_the_list_names_nothing_outside_the_folder(folder: Path) -> None:
    (folder / "SHA256SUMS").write_text(f"{'a' * 64}  ../secret\n")
    assert any(problem == "line 1 does not name a file of this folder" for _, _, problem in found(folder))


def test_a_folder_without_any_signature_says_so(folder: Path) -> None:
    for file in folder.iterdir():
        if file.suffix in (".checkpoint", ".pem"):
            file.unlink()
    seal(folder)
    assert [verdict.remarks for verdict in verify_path(folder)] == [
        ("judged by its chain alone: a cut tail would not show",)
    ] * 2
    if not MISSING:
        code, said = run_script(folder)
        assert code == 0 and "2 of 2 streams are not signed" in said


def test_a_bare_file_is_judged_alone(folder: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.jsonl"
    shutil.copy(folder / FIRST, bare)
    (verdict,) = verify_path(bare)
    assert verdict.intact and verdict.remarks == ("judged by its chain alone: a cut tail would not show",)
    bare.write_bytes(b"")
    (verdict,) = verify_path(bare)
    assert isinstance(verdict.finding, Break) and verdict.finding.what == "empty"


@pytest.mark.parametrize("name", ["nowhere", "empty", "broken key"])
def test_what_cannot_be_verified_is_said(tmp_path: Path, folder: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    shutil.copytree(folder, tmp_path / "broken key")
    (tmp_path / "broken key" / KEY).write_text("no key\n")
    with pytest.raises(CannotVerify, match=r"does not exist|to verify|is no file of public keys"):
        list(verify_path(tmp_path / name))


@outsider
def test_what_the_documentation_says_to_do_by_hand_works(folder: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "verify.md").read_text(encoding="utf-8")
    by_hand = re.findall(r"^    (.+)$", text.partition("## By hand")[2], re.MULTILINE)
    key = (folder / KEY).read_text()
    (folder / KEY).write_text(key[key.rindex("-----BEGIN") :])
    seal(folder)
    names = {"CASE.TERMINAL": f"{CASE}.{TERMINAL}", "SIGNER": KEY.partition(".")[0]}
    said = []
    for command in by_hand:
        for word, name in names.items():
            command = command.replace(word, name)
        ran = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True)
        said.append(ran.stdout.split(" ")[0].strip())
    lines = (folder / FIRST).read_bytes().splitlines(keepends=True)
    ninth, last = (hashlib.sha256(lines[number]).hexdigest() for number in (8, 19))
    assert said[1:3] == [ninth, ninth] and said[3:5] == [last, "20"]
    assert said[8] == "Signature" and said[9] == keys_beside(folder)[0].fingerprint
