"""The first screen: a case to go on with, a new one, a published one for training."""

from __future__ import annotations

import os
import pty
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

import pytest
from textual.events import Key

from codelog.case.codec import decode
from codelog.case.events import CaseOpened, Event, PatientDescribed
from codelog.log.store import open_store
from codelog.terminal.crash import crash_text
from codelog.terminal.screens.start import DISCLAIMER
from tests.terminal.termkit import NEW, PATIENCE_S, Terminal, terminal


async def test_that_the_first_screen_says_what_it_is_not_and_offers_a_new_case_and_training(
    tmp_path: Path,
) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.ready()
        assert DISCLAIMER in t.text("#title")
        assert "New case" in t.text("#list")
        assert "Training" in t.text("#list")
        assert "Go on with" not in t.text("#list")


async def test_that_the_newest_open_case_is_gone_on_with_by_one_key(tmp_path: Path) -> None:
    path = tmp_path / "codelog.db"
    async with terminal(path) as t:
        await t.open_case()
        await t.keys("i")
        await t.settled()
        case, made = t.live.session.case, list(t.events)
    async with terminal(path) as t:
        await t.ready()
        await t.keys("enter")
        await t.until(lambda: len(t.events) == len(made))
        assert t.live.session.case == case
        assert t.events == made
        elapsed = t.live.session.view.elapsed()
        assert elapsed >= made[-1].at - made[0].at
        await t.keys("e")
        await t.settled()
        assert t.events[-1].kind == "access.attempt_ended"


async def test_that_a_closed_case_is_not_offered_and_any_entry_reopens_one_on_the_screen(
    tmp_path: Path,
) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.open_case()
        await t.keys("f10", "1")
        await t.settled()
        assert "CASE CLOSED" in t.text("#message")
        await t.keys("v")
        await t.settled()
        assert t.kinds()[-2:] == ["case.reopened", "care.started"]
        await t.keys("f10", "enter", "1")
        await t.settled()
        await t.keys("f10")
        await t.ready()
        assert "Go on with" not in t.text("#list")


async def test_that_every_question_can_be_passed_over(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.ready()
        await t.keys("n", *["enter"] * 5)
        await t.until(lambda: len(t.events) == 1)
        opened = t.events[0].data
        assert isinstance(opened, CaseOpened)
        assert (opened.setting, opened.zero, opened.mode) == ("other", "opened", "clinical")


async def test_that_case_zero_may_lie_in_the_past(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        await t.ready()
        await t.keys("n", "1", "1", "4", "enter", "3", "0", "0", "0", "enter", "4", "0", "2")
        await t.until(lambda: len(t.events) == 3)
        assert t.text("#tile-case").startswith("CASE\n2:")
        patient = t.events[1].data
        assert isinstance(patient, PatientDescribed)
        assert (str(patient.weight), patient.gestation_weeks) == ("3000 g", 40)
        assert t.live.session.view.state().no_uvc_hand_since is not None


async def test_that_keys_pressed_before_the_store_is_open_are_kept(tmp_path: Path) -> None:
    async with terminal(tmp_path / "codelog.db") as t:
        for key in ("n", "i"):
            t.app.post_message(Key(key, key))
        await t.until(lambda: len(t.events) >= 2)
        assert t.kinds()[:2] == ["case.opened", "access.attempt_started"]


async def test_that_a_store_that_is_none_ends_with_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "codelog.db"
    path.write_text("this is no store")
    async with terminal(path) as t:
        await t.until(lambda: t.app.sentence)
        assert t.app.return_code == 3
        assert str(path) in str(t.app.sentence)


async def test_that_a_crash_leaves_a_sentence_and_a_file_without_values(tmp_path: Path) -> None:
    secret = "Jane Doe"
    path = tmp_path / "codelog.db"
    seen: list[Terminal] = []

    def fail() -> None:
        patient = secret
        raise ValueError(patient)

    with pytest.raises(ValueError, match=secret):
        async with terminal(path) as t:
            seen.append(t)
            await t.open_case()
            t.app.call_later(fail)
            await t.until(lambda: t.app.sentence)
    app = seen[0].app
    assert "What was shown as saved is saved" in str(app.sentence)
    files = list(tmp_path.glob("crash-*.txt"))
    assert len(files) == 1
    assert secret not in files[0].read_text()
    assert "ValueError" in files[0].read_text()
    assert files[0].stat().st_mode & 0o777 == 0o600
    assert not app._exit_renderables


def test_that_a_crash_names_our_own_frames_only() -> None:
    with pytest.raises(ValueError) as caught:
        decode("{")
    text = crash_text(caught.value)
    assert "codelog/case/" in text
    assert "test_terminal" not in text


def test_that_starting_imports_neither_the_screen_nor_the_store_and_running_never_alembic(
    tmp_path: Path,
) -> None:
    code = (
        "import sys; import codelog.terminal.run; "
        "assert not {'textual', 'sqlalchemy', 'alembic'} & set(sys.modules); "
        "import codelog.terminal.app; assert not {'sqlalchemy', 'alembic'} & set(sys.modules); "
        "from codelog.terminal.desk import open_desk; import codelog.terminal.screens.live; "
        "open_desk(sys.argv[1]).close(); assert 'alembic' not in sys.modules"
    )
    path = tmp_path / "codelog.db"
    open_store(path).close()
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=60)


def test_that_without_a_terminal_it_says_so() -> None:
    code = "import sys; from codelog.terminal.run import run_terminal; sys.exit(run_terminal('nowhere.db'))"
    done = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


class Program:
    """The program in a terminal of its own, as a person would run it."""

    def __init__(self, path: Path) -> None:
        master, slave = pty.openpty()
        ioctl(slave, TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        code = f"import sys; from codelog.terminal.run import run_terminal; sys.exit(run_terminal({str(path)!r}))"
        environment = os.environ | {"TERM": "xterm-256color", "TMPDIR": str(path.parent)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)
        self.shown = b""
        self._master = master
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                ready, _, _ = select.select([self._master], [], [], 0.1)
                if ready:
                    self.shown += os.read(self._master, 65_536)
            except OSError:
                return

    def sees(self, words: str) -> None:
        """Wait until something is painted."""
        wait_for(lambda: words.encode() in self.shown, f"{words!r} on the screen")

    def keys(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self._master)
        self._reader.join()


def wait_for(holds: Callable[[], object], what: str) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


def stored(path: Path) -> list[Event]:
    """Every event in the file."""
    with open_store(path, read_only=True) as store:
        return [decode(line) for row in store.cases() for line in store.lines(row.case)]


def test_that_a_case_killed_in_a_real_terminal_is_gone_on_with_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "codelog.db"
    open_store(path).close()
    first = Program(path)
    first.sees("New case")
    first.keys("".join({"enter": "\r"}.get(key, key) for key in NEW))
    wait_for(lambda: len(stored(path)) == 2, "the case in the file")
    first.keys("i13p")
    wait_for(
        lambda: sum(event.kind == "access.attempt_started" for event in stored(path)) == 2, "two attempts"
    )
    wait_for(lambda: len({len(stored(path)) for _ in range(3)}) == 1, "quiet")
    first.kill()
    before = stored(path)

    second = Program(path)
    second.sees("Go on with")
    second.keys("re1")
    wait_for(lambda: any(event.kind == "access.attempt_ended" for event in stored(path)), "the outcome")
    after = stored(path)
    assert after[: len(before)] == before
    assert {event.case for event in after} == {before[0].case}
    pressed = [event.at for event in after if event.by == "scribe"]
    assert pressed == sorted(pressed)
    second.keys("\x1b[21~5")
    second.sees("New case")
    second.kill()
