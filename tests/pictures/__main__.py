"""Make the pictures of the screens: `python -m tests.pictures FOLDER [NAME ...]`, a name being like `flag-120x36`; none, all."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

from codelog.terminal.themes import THEMES
from tests.pictures.scenes import LARGE, MIDDLE, SCENES, SMALL, picture, watched

Take = Callable[[Path], Awaitable[str]]


def _pictures() -> Iterator[tuple[str, Take]]:
    for size in (SMALL, MIDDLE, LARGE):
        ending = f"{size[0]}x{size[1]}"
        for name, scene in SCENES.items():
            yield f"{name}-{ending}", partial(picture, scene, size=size)
        yield f"watch-{ending}", partial(watched, size=size)
    for theme in THEMES[1:]:
        ending = f"{MIDDLE[0]}x{MIDDLE[1]}-{theme.name.removeprefix('codelog-')}"
        yield f"flag-{ending}", partial(picture, SCENES["flag"], size=MIDDLE, theme=theme.name)


async def _make(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, take in _pictures():
        if wanted and name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as kept:
            svg = await take(Path(kept) / "codelog.db")
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
        sys.stderr.write(f"{name}\n")


if __name__ == "__main__":
    asyncio.run(_make(Path(sys.argv[1]), sys.argv[2:]))
