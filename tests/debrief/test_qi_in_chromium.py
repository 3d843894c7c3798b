"""The pages over many cases in a browser: nothing is complained of or asked for, and a screen reader can use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codelog.clinical.protocols import with_settings
from codelog.debrief.backtest_page import backtest_sheet
from codelog.debrief.qi.page import qi_sheet
from codelog.debrief.sheet.html import sheet_html
from tests.debrief.reportkit import GOMELLA, SCENARIOS, events_of
from tests.debrief.test_backtest import summed, under
from tests.debrief.test_qi_cohort import generated, reported
from tests.debrief.test_render_in_chromium import AXE, RULES, SERIOUS
from tests.terminal.browserkit import CHROMIUM, Page, browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed here")


def pages() -> dict[str, str]:
    shorter = with_settings(GOMELLA, {"seconds_limit": "60"})
    tested = summed([under(shorter, events_of(path)) for path in SCENARIOS], shorter)
    return {"qi": sheet_html(qi_sheet(reported(generated()))), "backtest": sheet_html(backtest_sheet(tested))}


async def opened(page: Page, folder: Path, name: str) -> str:
    file = folder / "page.html"
    file.write_text(pages()[name], encoding="utf-8")
    await page.call("Page.navigate", url=file.as_uri())
    await page.until(f'location.href == "{file.as_uri()}" && document.readyState == "complete"')
    return file.as_uri()


@pytest.mark.parametrize("name", ["qi", "backtest"])
@pytest.mark.parametrize("width", [1100, 390])
async def test_that_a_page_is_quiet_fits_and_can_be_used(tmp_path: Path, name: str, width: int) -> None:
    async with browser(tmp_path) as page:
        mobile = width < 600
        await page.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=mobile
        )
        address = await opened(page, tmp_path, name)
        assert page.requested == [address] and page.complaints == []
        assert await page.value("getComputedStyle(document.querySelector('h2')).borderBottomStyle") == "solid"
        assert await page.value("document.documentElement.scrollWidth <= innerWidth")
        if AXE.exists():
            await page.value(f"{AXE.read_text(encoding='utf-8')}; true")
            found = json.loads(await page.value(RULES))
            assert [one for one in found if one[0] in SERIOUS] == []
