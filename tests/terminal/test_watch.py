"""The room's screen: it follows what another process writes, in large letters, and writes nothing itself."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.events import Key
from textual.geometry import Region
from textual.pilot import Pilot

from codelog.case.codec import decode
from codelog.clinical.protocols import load_protocol
from codelog.clinical.tables import load_tables
from codelog.live.clock import Clock, SystemClock, VirtualClock
from codelog.live.follow import Follower
from codelog.live.journal import StoreJournal
from codelog.live.presence import Claim, claim
from codelog.live.recorder import Recorder, Request
from codelog.log.store import Store, open_store
from codelog.terminal.screens.watch import ONLY_WATCHES, WatchScreen
from codelog.terminal.watch_app import WatchApp
from codelog.terminal.widgets import lettering
from codelog.terminal.widgets.calm import Calm
from codelog.terminal.widgets.room import scale_for
from codelog.terminal.widgets.timeline import Timeline
from tests.terminal.termkit import PATIENCE_S

START = 1_800_000_000_000
OPENING = Request("case.opened", {"setting": "delivery_room", "zero": "birth", "mode": "training"})
NEEDED = Request("access.needed", {"urgency": "emergent"})


class Room:
    """The application under test with the eyes of somebody across the room."""

    def __init__(self, app: WatchApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> WatchScreen:
        """The room's screen."""
        assert isinstance(self.app.screen, WatchScreen)
        return self.app.screen

    async def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait for a condition."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, f"waited in vain: {what or holds}"
            await asyncio.sleep(0.01)

    async def laid_out(self, part: str) -> Region:
        """Where a part stands, once it has its place."""
        widget = self.app.screen.query_one(f"#{part}")
        await self.until(lambda: widget.region.area, part)
        return widget.region

    def text(self, selector: str) -> str:
        """What a part of the screen shows."""
        return self.app.screen.query_one(selector, Calm).painted

    def rows(self) -> list[str]:
        """The rows of the timeline."""
        return [f"{row.number} {row.time} {row.words}" for row in self.app.screen.query_one(Timeline).rows]

    def shows(self, figure: str, selector: str) -> bool:
        """Whether a figure stands there in large letters, of whatever size."""
        text = self.text(selector)
        return any(
            all(row.rstrip() in text for row in lettering.lettered(figure, scale)) for scale in range(1, 5)
        )


class Scribe:
    """Somebody who records on a clock that the test sets."""

    def __init__(self, path: Path) -> None:
        self.clock = VirtualClock(START, SystemClock().boot)
        self.store = open_store(path)
        self.case = "c0ffee00-0000-4000-8000-000000000000"
        journal = StoreJournal(self.store, self.case, self.store.terminal)
        self.recorder = Recorder(journal, self.clock, load_protocol("gomella"), load_tables())

    def at(self, seconds: int, *requests: Request) -> None:
        """Record at so many seconds from zero."""
        self.clock.elapsed = seconds * 1000
        for request in requests:
            self.recorder.record(request)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "codelog.db"


@pytest.fixture
def scribe(path: Path) -> Iterator[Scribe]:
    made = Scribe(path)
    yield made
    made.store.close()


@asynccontextmanager
async def room(
    path: Path, *, size: tuple[int, int] = (120, 36), clock: Clock | None = None
) -> AsyncIterator[Room]:
    """The room's screen on the newest case of the store at `path`."""
    with open_store(path, read_only=True) as store:
        app = WatchApp(lambda: follower(store, clock))
        async with app.run_test(size=size) as pilot:
            shown = Room(app, pilot)
            await shown.until(lambda: isinstance(app.screen, WatchScreen), "the screen")
            await shown.until(lambda: app.screen.query(Timeline) and shown.rows(), "the case")
            yield shown


def follower(store: Store, clock: Clock | None = None) -> Follower:
    return Follower(store, store.find_case("last"), clock or SystemClock(), load_tables())


def held(path: Path, case: str) -> Claim:
    made = claim(path, case, "/dev/pts/7")
    assert isinstance(made, Claim)
    return made


async def test_that_time_without_access_and_the_attempts_stand_there_in_large_letters(
    path: Path, scribe: Scribe
) -> None:
    scribe.at(0, OPENING)
    scribe.at(30, NEEDED, Request("access.attempt_started", {"route": "piv"}))
    scribe.at(61, Request("access.attempt_ended", {"outcome": "failed"}))
    async with room(path, clock=scribe.clock) as shown:
        assert shown.text("#room-zero").startswith("TRAINING CASE")
        assert shown.shows("1:01", "#room-zero")
        assert shown.text("#room-access").startswith("WITHOUT ACCESS")
        assert shown.shows("0:31", "#room-access")
        assert "limit 1:30, emergent" in shown.text("#room-access")
        assert shown.shows("1/3", "#room-attempts")
        assert not shown.app.screen.query_one("#room-access").has_class("-alarm")
        scribe.clock.elapsed = 119_999
        await shown.until(lambda: shown.shows("1:29", "#room-access"))
        assert not shown.app.screen.query_one("#room-access").has_class("-alarm")
        scribe.clock.elapsed = 120_000
        await shown.until(lambda: shown.shows("1:30", "#room-access"))
        assert shown.app.screen.query_one("#room-access").has_class("-alarm")


async def test_that_what_another_process_writes_is_followed(path: Path, scribe: Scribe) -> None:
    scribe.at(0, OPENING)
    async with room(path) as shown:
        command = [sys.executable, "-m", "codelog", "--db", str(path), "add", "last", "note.added"]
        added = await asyncio.create_subprocess_exec(
            *command, "text=from the door", stdout=asyncio.subprocess.DEVNULL
        )
        assert await added.wait() == 0
        await shown.until(lambda: any("from the door" in row for row in shown.rows()))


async def test_that_a_flag_stands_there_as_the_scribe_sees_it_and_goes_when_it_is_answered(
    path: Path, scribe: Scribe
) -> None:
    scribe.at(0, OPENING, NEEDED)
    async with room(path, clock=scribe.clock) as shown:
        assert shown.text("#flag") == ""
        scribe.clock.elapsed = 90_000
        [flag] = scribe.recorder.wake().written
        await shown.until(lambda: shown.text("#flag"))
        assert flag.data.text in shown.text("#flag").replace("\n", " ")  # type: ignore[attr-defined]
        assert shown.text("#flag").split("\n")[-1].startswith("** ")
        assert shown.shows("** CONSIDER IO", "#flag")
        scribe.at(95, Request("flag.acknowledged", {"flag": 1, "action": "accepted"}))
        await shown.until(lambda: shown.text("#flag") == "")


async def test_that_it_says_when_nobody_records_and_who_does(path: Path, scribe: Scribe) -> None:
    scribe.at(0, OPENING)
    async with room(path) as shown:
        await shown.until(lambda: "NOBODY IS RECORDING" in shown.text("#trouble"))
        made = held(path, scribe.case)
        await shown.until(lambda: shown.text("#trouble") == "")
        await shown.until(lambda: "written by" in shown.text("#room-foot"))
        assert "/dev/pts/7" in shown.text("#room-foot")
        made.release()
        await shown.until(lambda: "NOBODY IS RECORDING" in shown.text("#trouble"))


async def test_that_a_closed_case_stands_still_and_is_not_said_to_be_unrecorded(
    path: Path, scribe: Scribe
) -> None:
    scribe.at(0, OPENING, NEEDED)
    scribe.at(75, Request("case.closed", {"outcome": "transferred"}))
    scribe.clock.elapsed = 4_000_000
    async with room(path, clock=scribe.clock) as shown:
        assert shown.shows("1:15", "#room-zero")
        assert shown.shows("1:15", "#room-access")
        assert "CASE CLOSED" in shown.text("#room-foot")
        await shown.until(lambda: shown.screen._read)
        assert shown.text("#trouble") == ""


async def test_that_a_store_that_cannot_be_read_is_told_and_read_again(
    path: Path, scribe: Scribe, tmp_path: Path
) -> None:
    scribe.at(0, OPENING)
    held(path, scribe.case)
    async with room(path) as shown:
        await shown.until(lambda: shown.screen._read)
        lines, failing = shown.screen.follower._store.lines, [True]

        def read(*given: object) -> object:
            if failing[0]:
                from codelog.log.errors import StoreBusy

                raise StoreBusy("the store is held by another process")
            return lines(*given)  # type: ignore[arg-type]

        shown.screen.follower._store.lines = read  # type: ignore[assignment,method-assign]
        await shown.until(lambda: "STANDS STILL" in shown.text("#trouble"))
        assert "held by another process" in shown.text("#trouble")
        failing[0] = False
        await shown.until(lambda: "STANDS STILL" not in shown.text("#trouble"))


async def test_that_typing_enters_nothing_and_says_so_and_f1_tells_what_is_shown(
    path: Path, scribe: Scribe
) -> None:
    scribe.at(0, OPENING)
    async with room(path) as shown:
        for key in ("i", "1"):
            shown.app.post_message(Key(key, key))
        await shown.until(lambda: shown.text("#notice") == ONLY_WATCHES)
        shown.app.post_message(Key("f1", None))
        await shown.until(lambda: "writes nothing" in shown.text("#bones"))
        shown.app.post_message(Key("f1", None))
        await shown.until(lambda: "IO SITES" in shown.text("#bones"))
        assert [decode(line).kind for line in scribe.store.lines(scribe.case)] == ["case.opened"]
        shown.app.post_message(Key("f10", None))
        await shown.until(lambda: shown.app._exit)


async def test_that_a_used_bone_is_marked_and_words_of_people_stay_words(path: Path, scribe: Scribe) -> None:
    scribe.at(0, Request("case.opened", {**OPENING.data, "label": "[bold]x[/]\x1b[2J"}))
    scribe.at(5, Request("access.attempt_started", {"route": "io", "site": "tibia_prox", "side": "left"}))
    scribe.at(9, Request("access.attempt_ended", {"outcome": "failed"}))
    async with room(path) as shown:
        assert re.search(r"\[×\] left proximal tibia +tried in attempt 1", shown.text("#bones"))
        assert "[bold]x[/]" in shown.text("#heading")
        assert "\x1b" not in shown.text("#heading")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (160, 45), (200, 60)])
async def test_that_everything_is_there_at_every_size(
    path: Path, scribe: Scribe, size: tuple[int, int]
) -> None:
    scribe.at(0, OPENING, NEEDED)
    scribe.at(95, Request("note.added", {"text": "x"}))
    async with room(path, size=size, clock=scribe.clock) as shown:
        await shown.until(lambda: shown.shows("1:35", "#room-zero"))
        for part in ("heading", "room-zero", "room-access", "room-attempts", "flag", "bones", "room-foot"):
            region = await shown.laid_out(part)
            assert shown.app.screen.region.contains_region(region) or part == "bones", part
        timeline = shown.app.screen.query_one(Timeline)
        assert timeline.size.height >= 3
        tile = shown.app.screen.query_one("#room-access", Calm)
        assert max(map(len, tile.painted.split("\n"))) <= tile.content_size.width


def test_that_letters_are_as_large_as_fits() -> None:
    figure = "12:34"
    for scale in range(1, 5):
        wide, tall = lettering.width(figure, scale), lettering.rows(scale)
        assert scale_for([figure], [wide], tall) == scale
        if scale > 1:
            assert scale_for([figure], [wide - 1], tall) == scale - 1
            assert scale_for([figure], [wide], tall - 1) == scale - 1
        assert [len(row) for row in lettering.lettered(figure, scale)] == [wide] * tall


def test_that_digits_are_of_one_width_and_no_two_letters_alike() -> None:
    assert {lettering.width(digit) for digit in "0123456789"} == {3}
    drawn = {
        letter: tuple(lettering.lettered(letter)) for letter in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*:/%"
    }
    alike = [(a, b) for a in drawn for b in drawn if a < b and drawn[a] == drawn[b]]
    assert alike == [] or alike == [("0", "O")]
    assert not lettering.can_write("µ")


def test_that_watching_never_loads_what_writes(path: Path, scribe: Scribe) -> None:
    scribe.at(0, OPENING)
    code = """
import asyncio, sys
from codelog.cli.main import run
from codelog.terminal import watch_app
def run_until_painted(self):
    async def look():
        async with self.run_test():
            while len(self.screen_stack) < 2 or not self.screen.query("#timeline") or not self.screen.query_one("#timeline").rows:
                await asyncio.sleep(0.01)
    asyncio.run(look())
watch_app.WatchApp.run = run_until_painted
import os
os.environ["TEXTUAL_DRIVER"] = "x"
code = run(["--db", sys.argv[1], "watch", "last"])
loaded = [name for name in ("codelog.live.writer", "codelog.live.recorder", "codelog.rules.watch", "alembic") if name in sys.modules]
print(code, loaded)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == "0 []\n", done.stderr


@pytest.mark.parametrize(("arguments", "code"), [(["nothing"], 2), (["last"], 2)])
def test_that_a_case_that_is_not_there_and_a_missing_terminal_are_told(
    path: Path, arguments: list[str], code: int
) -> None:
    open_store(path).close()
    environment = {key: value for key, value in os.environ.items() if key != "TEXTUAL_DRIVER"}
    for extra in ({}, {"TEXTUAL_DRIVER": "x"}):
        done = subprocess.run(
            [sys.executable, "-m", "codelog", "--db", str(path), "watch", *arguments],
            env=environment | extra,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (code, "")
        assert done.stderr.count("\n") <= 3 and "Traceback" not in done.stderr


def test_that_a_follower_tells_only_what_is_new(path: Path, scribe: Scribe) -> None:
    scribe.at(0, OPENING)
    with open_store(path, read_only=True) as store:
        reader = follower(store)
        first = reader.look()
        assert first is not None and [event.kind for event in first.events] == ["case.opened"]
        assert reader.look() is None
        scribe.at(1, Request("note.added", {"text": "x"}))
        second = reader.look()
        assert second is not None and [event.kind for event in second.events] == ["note.added"]
        made = held(path, scribe.case)
        third = reader.look()
        assert third is not None and third.holder == made.holder and third.events == ()
        assert reader.look() is None


def test_that_a_case_of_an_earlier_boot_goes_on_by_the_wall_clock(path: Path, scribe: Scribe) -> None:
    scribe.clock.boot = "another-boot"
    scribe.at(0, OPENING)
    with open_store(path, read_only=True) as store:
        clock = VirtualClock(START + 3_600_000, "this-boot")
        reader = follower(store, clock)
        news = reader.look()
        assert news is not None
        reader.view.follow(news.events)
        assert reader.view.elapsed() == 3_600_000
        assert datetime.fromtimestamp(reader.view.now() / 1000, UTC).year == 2027
