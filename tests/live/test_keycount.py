"""The count of keys beside the store: kept, and never in anybody's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelog.live.keycount import SAVED_EVERY, KeyCount, keys_of

CASE = "11111111-2222-4333-8444-555555555555"


def kept(store: Path) -> Path:
    """Where the count of the case is."""
    return store.parent / "usage" / f"{CASE}.json"


def test_that_presses_are_kept_and_gone_on_with(tmp_path: Path) -> None:
    store = tmp_path / "codelog.db"
    assert keys_of(store, CASE) is None
    first = KeyCount.begin(store, CASE)
    for _ in range(3):
        first.press()
    first.save()
    assert keys_of(store, CASE) == 3
    second = KeyCount.go_on(store, CASE)
    second.press()
    second.save()
    assert (second.keys, keys_of(store, CASE)) == (4, 4)


def test_that_the_file_is_for_its_owner_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    store = tmp_path / "codelog.db"
    count = KeyCount.begin(store, CASE)
    count.save()
    count.save()
    assert kept(store).stat().st_mode & 0o777 == 0o600
    assert kept(store).parent.stat().st_mode & 0o777 == 0o700
    assert list(kept(store).parent.iterdir()) == [kept(store)]


def test_that_it_is_written_now_and_then_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[int | None] = []
    monkeypatch.setattr(KeyCount, "save", lambda self: saved.append(self.keys))
    monkeypatch.setattr("threading.Thread.start", lambda thread: thread.run())
    count = KeyCount.begin(tmp_path / "codelog.db", CASE)
    for _ in range(SAVED_EVERY - 1):
        count.press()
    assert saved == []
    count.press()
    assert saved == [SAVED_EVERY]


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b'{"keys": -1}', b'{"keys": "7"}', b'{"keys": true}', b"[" * 100_000]
)
def test_that_a_lost_count_is_unknown_and_stays_so(tmp_path: Path, content: bytes) -> None:
    store = tmp_path / "codelog.db"
    kept(store).parent.mkdir()
    kept(store).write_bytes(content)
    count = KeyCount.go_on(store, CASE)
    count.press()
    count.save()
    assert (count.keys, keys_of(store, CASE)) == (None, None)
    assert kept(store).read_bytes() == content


def test_that_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    store = tmp_path / "codelog.db"
    kept(store).parent.write_bytes(b"in the way")
    count = KeyCount.begin(store, CASE)
    count.press()
    count.save()
    assert count.keys == 1
    assert keys_of(store, CASE) is None
