"""A tab's terminal is let go of, whatever it does; what it says last is shown as it is."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from codelog.terminal.serve import tab
from codelog.terminal.serve.tab import MOST_CELLS, Tab, cells
from tests.terminal.servekit import PATIENCE_S

GREETING = "import sys, os, time; os.write(1, b'__GANGLION__\\n');"


async def _ignored(screen: bytes) -> None:
    return


async def _open(script: str) -> Tab:
    return await Tab.open([sys.executable, "-c", script], {}, 80, 24)


async def test_that_a_terminal_that_does_not_listen_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tab, "LEAVING_S", 0.1)
    deaf = await _open(f"{GREETING} time.sleep(1000)")
    showing = asyncio.create_task(deaf.show(_ignored))
    await deaf.leave()
    assert await asyncio.wait_for(showing, PATIENCE_S) == ""


async def test_that_a_tab_that_takes_nothing_in_does_not_hold_its_terminal_up() -> None:
    # More than a pipe holds: the terminal would stand still if nobody read it.
    chatty = await _open(
        f"{GREETING} os.write(1, b'D' + (10**6).to_bytes(4, 'big') + b'x' * 10**6); sys.stdin.read(1)"
    )
    painted: list[int] = []

    async def paint(screen: bytes) -> None:
        painted.append(len(screen))

    showing = asyncio.create_task(chatty.show(paint))
    await chatty.leave()
    assert await asyncio.wait_for(showing, PATIENCE_S) == ""
    assert painted == [10**6]


async def test_that_the_last_line_said_is_the_sentence() -> None:
    talking = await _open(
        "import sys; sys.stderr.write('Traceback\\n\\x1b[2Jno store\\u202e\\n\\n'); sys.exit(3)"
    )
    said = await asyncio.wait_for(talking.show(_ignored), PATIENCE_S)
    assert said == "\\x1b[2Jno store\\u202e"
    await talking.leave()


async def test_that_a_terminal_knows_its_store_and_its_size(tmp_path: Path) -> None:
    store = tmp_path / "a b; 'c' $d"
    asking = await Tab.open(
        [
            sys.executable,
            "-c",
            "import os, sys; sys.stderr.write(' '.join(map(os.environ.get, sys.argv[1:])))",
        ]
        + ["CODELOG_DB", "COLUMNS", "ROWS"],
        {"CODELOG_DB": str(store)},
        90,
        10**6,
    )
    assert await asyncio.wait_for(asking.show(_ignored), PATIENCE_S) == f"{store} 90 {MOST_CELLS}"
    await asking.leave()


@pytest.mark.parametrize(
    ("wanted", "given"), [(-1, 1), (0, 1), (1, 1), (MOST_CELLS, MOST_CELLS), (MOST_CELLS + 1, MOST_CELLS)]
)
def test_that_a_size_can_be_painted(wanted: int, given: int) -> None:
    assert cells(wanted) == given
