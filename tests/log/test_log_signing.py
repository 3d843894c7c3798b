"""A terminal has one signing key beside its store; the audit stream says which, and who followed whom."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from codelog.log import signing
from codelog.log.audit_stream import audit_events_of
from codelog.log.backup import backup, restore
from codelog.log.chain import Break
from codelog.log.check import verify_store
from codelog.log.errors import KeyUnusable
from codelog.log.guards import GUARDS
from codelog.log.keys import PublicKey, read_public_keys
from codelog.log.notes import read_note
from codelog.log.signing import current_key, key_file, known_keys, load_signer, rotate
from codelog.log.store import open_store
from tests.log.log_lines import by_hand, canonical, sha256


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "codelog.db"
    open_store(path).close()
    return path


def terminal_of(path: Path) -> str:
    with open_store(path, read_only=True) as store:
        return store.terminal


def current(path: Path) -> PublicKey:
    with open_store(path, read_only=True) as store, store.reading() as connection:
        key = current_key(connection, store.terminal)
    assert key is not None
    return key


def private_file(path: Path) -> Path:
    return key_file(path, terminal_of(path))


def findings(path: Path) -> list[str]:
    return [verdict.finding.what for verdict in verify_store(path) if isinstance(verdict.finding, Break)]


def test_a_new_store_has_a_key_beside_it_that_only_its_owner_reads(path: Path) -> None:
    file = private_file(path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secret = file.read_bytes().splitlines()[1]
    assert all(secret not in other.read_bytes() for other in path.parent.iterdir() if other != file)
    assert load_signer(path).public == current(path)


def test_the_same_key_signs_every_time(path: Path) -> None:
    signers = [load_signer(path) for _ in range(2)]
    note = signers[0].sign("a text\n")
    assert signers[1].public.signed(note)
    assert read_note(note.write()) == note


@pytest.mark.skipif(shutil.which("openssl") is None, reason="NOT TESTED: openssl is not installed")
def test_openssl_agrees(path: Path, tmp_path: Path) -> None:
    key = current(path)
    note = load_signer(path).sign("a text\nof two lines\n")
    (tmp_path / "pem").write_text(key.pem)
    (tmp_path / "body").write_text(note.text)
    (tmp_path / "sig").write_bytes(note.signature)
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "pem",
        "-rawin",
        "-in",
        "body",
        "-sigfile",
        "sig",
    ]
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "body").write_text(note.text.replace("two", "six"))
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 1
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", "pem", "-outform", "DER"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    ).stdout
    assert hashlib.sha256(der).hexdigest() == key.fingerprint
    assert read_public_keys(key.signer, key.pem) == [key]


def test_a_rotation_is_signed_by_the_old_key(path: Path) -> None:
    old = current(path)
    new = rotate(path)
    assert new == current(path) == load_signer(path).public != old
    with open_store(path, read_only=True) as store, store.reading() as connection:
        assert set(known_keys(connection)) == {old.id, new.id}
        event = list(audit_events_of(store))[-1]
    note = read_note(event.data["note"])
    assert old.signed(note) and not new.signed(note)
    assert f"old {old.id}\nnew {new.id}\n" in note.text
    assert findings(path) == []


def test_a_rotation_that_nobody_signed_is_found(path: Path) -> None:
    rotate(path)
    with open_store(path, read_only=True) as store:
        lines = [event.line for event in audit_events_of(store)]
    forged = json.loads(lines[1])
    forged["data"]["note"] = forged["data"]["note"].replace("public ", "public A")
    line = canonical(forged)
    by_hand(
        path,
        "DROP TRIGGER audit_events_refuse_update",
        f"UPDATE audit_events SET line = '{line}', digest = '{sha256(line)}' WHERE seq = 2",
        GUARDS["audit_events_refuse_update"],
    )
    assert findings(path) == ["bad_signature"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda file: file.unlink(),
            "is missing: put it back, or make another with `codelog signing rotate --lost`",
        ),
        (lambda file: file.chmod(0o640), r"is open to others \(mode 640\); run `chmod 600 "),
        (lambda file: file.write_text("no key"), "is no Ed25519 key"),
        (lambda file: (file.unlink(), file.mkdir(0o700)), "cannot be read: Is a directory"),
    ],
)
def test_an_unusable_key_is_said_in_one_sentence(path: Path, spoil: object, words: str) -> None:
    assert callable(spoil)
    spoil(private_file(path))
    with pytest.raises(KeyUnusable, match=words) as caught:
        load_signer(path)
    assert str(private_file(path)) in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(KeyUnusable):
        rotate(path)


def test_the_key_of_another_terminal_is_not_taken(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "codelog.db"
    open_store(other).close()
    shutil.copy(private_file(other), private_file(path))
    with pytest.raises(KeyUnusable, match=f"but terminal {terminal_of(path)} signs with {current(path).id}"):
        load_signer(path)


def test_a_lost_key_is_followed_by_one_that_nobody_signed_for(path: Path) -> None:
    old = current(path)
    private_file(path).unlink()
    new = rotate(path, lost=True)
    assert load_signer(path).public == new
    with open_store(path, read_only=True) as store:
        event = list(audit_events_of(store))[-1]
    assert event.kind == "audit.key_made" and event.data["old"] == old.id and "note" not in event.data


@pytest.mark.parametrize("recorded", [True, False])
def test_a_rotation_that_was_cut_off_ends_either_way(
    path: Path, recorded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the new key stands in the audit stream the old one holds, killed after it the new one."""
    old = current(path)

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        signer = load_signer(path)
        patched.setattr(signing, "load_signer", lambda _: signer)
        patched.setattr(signing, "_settle" if recorded else "rotation_text", killed)
        with pytest.raises(Killed):
            rotate(path)
    assert private_file(path).with_suffix(".key.new").exists()
    assert (load_signer(path).public != old) == recorded
    assert findings(path) == []
    assert rotate(path) == load_signer(path).public


def test_a_restored_backup_holds_no_key_and_makes_its_own(path: Path, tmp_path: Path) -> None:
    saved, elsewhere = tmp_path / "saved.db", tmp_path / "new" / "codelog.db"
    backup(path, saved)
    secret = private_file(path).read_bytes().splitlines()[1]
    assert secret not in saved.read_bytes()
    restore(saved, elsewhere)
    assert terminal_of(elsewhere) != terminal_of(path)
    assert load_signer(elsewhere).public.signer == terminal_of(elsewhere)
    with open_store(elsewhere, read_only=True) as store, store.reading() as connection:
        assert current(path).id in known_keys(connection)


@pytest.mark.parametrize(
    "text", ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "BEGIN"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="it has"):
        read_public_keys("t-1", text)
