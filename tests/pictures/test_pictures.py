"""The screens as pictures, held against those that were looked at. `CODELOG_UPDATE_PICTURES=1` takes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.pictures.scenes import LARGE, MIDDLE, SCENES, SMALL, picture

GOLDEN = Path(__file__).parent / "golden"
WANTED = [
    *((name, SMALL, None) for name in SCENES),
    *((name, MIDDLE, None) for name in ("flag", "given", "sign-off", "mending")),
    ("flag", LARGE, None),
    *(("flag", MIDDLE, theme) for theme in ("codelog-light", "codelog-contrast")),
]


@pytest.mark.parametrize(("name", "size", "theme"), WANTED)
async def test_that_a_screen_looks_as_it_did(
    name: str, size: tuple[int, int], theme: str | None, tmp_path: Path
) -> None:
    drawn = await picture(SCENES[name], tmp_path / "codelog.db", size, theme)
    ending = "" if theme is None else f"-{theme.removeprefix('codelog-')}"
    golden = GOLDEN / f"{name}-{size[0]}x{size[1]}{ending}.svg"
    if os.environ.get("CODELOG_UPDATE_PICTURES"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(drawn, encoding="utf-8")
    if drawn != golden.read_text(encoding="utf-8"):
        other = tmp_path / golden.name
        other.write_text(drawn, encoding="utf-8")
        pytest.fail(f"{golden.name} is not what is drawn now, which is in {other}")


def test_that_no_picture_is_kept_that_nobody_takes() -> None:
    names = {f"{name}-{size[0]}x{size[1]}" for name, size, _ in WANTED}
    kept = {path.stem for path in GOLDEN.glob("*.svg")}
    assert {name.removesuffix("-light").removesuffix("-contrast") for name in kept} == names
