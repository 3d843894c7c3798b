"""The page of a report in a browser: nothing is complained of, nothing is asked for, and a screen reader can use it."""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path

import pytest

from codelog.debrief.render.html import report_html
from codelog.debrief.render.layout import NOT_A_DEVICE
from codelog.debrief.report.value import DebriefReport
from tests.debrief.renderkit import hostile, pdf_text, published
from tests.debrief.test_render_hostile import HTML
from tests.terminal.browserkit import CHROMIUM, Page, browser

AXE = Path(sys.prefix) / "pages" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")
RULES = """axe.run(document, {resultTypes: ["violations"]}).then(found => JSON.stringify(
    found.violations.map(one => [one.impact, one.id, one.nodes.slice(0, 3).map(node => node.html)])))"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed here")


async def opened(page: Page, folder: Path, report: DebriefReport) -> str:
    """Open the page of a report from a file; returns its address."""
    file = folder / "report.html"
    file.write_text(report_html(report), encoding="utf-8")
    address = file.as_uri()
    await page.call("Page.navigate", url=address)
    await page.until(f'location.href == "{address}" && document.readyState == "complete"')
    return address


@pytest.mark.parametrize("name", ["blood-loss-at-birth", "simulation-pair-io"])
async def test_that_a_page_asks_for_nothing_and_nothing_is_complained_of(tmp_path: Path, name: str) -> None:
    async with browser(tmp_path) as page:
        address = await opened(page, tmp_path, published(name))
        assert page.requested == [address]
        assert page.complaints == []
        assert await page.value("getComputedStyle(document.querySelector('h2')).borderBottomStyle") == "solid"
        assert await page.value("document.querySelectorAll('figure svg title').length") > 5
        assert await page.value("document.scripts.length") == 0


async def test_that_every_page_of_paper_says_what_it_is(tmp_path: Path) -> None:
    async with browser(tmp_path) as page:
        await opened(page, tmp_path, published("blood-loss-at-birth"))
        printed = await page.call("Page.printToPDF", preferCSSPageSize=True, displayHeaderFooter=False)
    texts = pdf_text(base64.b64decode(printed["data"]))
    assert len(texts) > 3
    foot = "TRAINING" + "".join(NOT_A_DEVICE.split()) + "Protocolgomella1:verified."
    assert all(foot in text for text in texts)


async def test_that_hostile_words_do_nothing(tmp_path: Path) -> None:
    async with browser(tmp_path, "window.alert = () => { window.alerted = true; };") as page:
        address = await opened(page, tmp_path, hostile(HTML))
        assert page.requested == [address]
        assert page.complaints == []
        assert await page.value("window.alerted === undefined && document.images.length == 0")
        assert HTML in await page.value("document.querySelector('main').textContent")


async def test_that_the_policy_lets_nothing_be_loaded_or_run(tmp_path: Path) -> None:
    async with browser(tmp_path) as page:
        await opened(page, tmp_path, published("simulation-pair-io"))
        ran = """(() => { const one = document.createElement("script"); one.textContent = "window.ran = true";
            document.body.append(one); return window.ran === undefined; })()"""
        assert await page.value(ran)
        loaded = """new Promise(done => { const one = new Image(); one.onerror = () => done(false);
            one.onload = () => done(true); one.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw="; })"""
        assert await page.value(loaded) is False


@pytest.mark.parametrize(("width", "scheme"), [(1100, "light"), (1100, "dark"), (390, "light")])
async def test_that_axe_finds_nothing_serious(tmp_path: Path, width: int, scheme: str) -> None:
    if not AXE.exists():
        assert "CI" not in os.environ, "axe-core is not installed: make test does it, and needs npm"
        pytest.skip(
            "axe-core is not installed, so no page was judged for accessibility: make test installs it"
        )
    async with browser(tmp_path) as page:
        await page.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        feature = {"name": "prefers-color-scheme", "value": scheme}
        await page.call("Emulation.setEmulatedMedia", media="screen", features=[feature])
        await opened(page, tmp_path, published("blood-loss-at-birth"))
        assert await page.value("document.documentElement.scrollWidth <= innerWidth")
        await page.value(f"{AXE.read_text(encoding='utf-8')}; true")
        found = json.loads(await page.value(RULES))
        assert [one for one in found if one[0] in SERIOUS] == []
        assert await page.value("typeof axe.version") == "string"
