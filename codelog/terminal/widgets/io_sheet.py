"""The IO sheet: which bones are open, where the needle goes by every text, and with what. Nothing on it needs an answer."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from codelog.clinical.entries import Device, IoSite, Landmark, Statement
from codelog.clinical.tables import Tables
from codelog.debrief.plain import plain
from codelog.debrief.wording import label, site_words
from codelog.live.view import CaseView
from codelog.rules.bones import systemic, systemic_by
from codelog.terminal.device_fit import doubt, label_range
from codelog.terminal.keymap import Keymap
from codelog.terminal.widgets.anatomy import BODY_WIDTH, SitePlace, body, landmark_drawing, lettered
from codelog.terminal.widgets.lines import Line, Part, beside, content, flowed
from codelog.terminal.widgets.site_marks import (
    CLOSED,
    DISPUTED,
    TRIED,
    TRYING,
    WORKS,
    MarkedSite,
    marked_sites,
)

_GAP = 2
_LIST_WIDTH = 39
"""The least width of the list of sites for the body to stand beside it."""
_INDENT = 4
_MEANINGS = {
    WORKS: "line works",
    TRYING: "attempt goes on",
    TRIED: "tried last",
    CLOSED: "ruled out",
}


def io_sheet(
    view: CaseView,
    keymap: Keymap,
    width: int,
    *,
    asked_for: bool = True,
    chosen: SitePlace | None = None,
) -> Content:
    """The sheet in lines of at most `width` cells, 36 or more.

    `chosen` (site, side) is described; else the site of an attempt that goes on, else the first open one.
    """
    tables, band = view.tables, view.bones().band
    marked = marked_sites(view)
    described = _described(marked, chosen)
    room = width - _GAP - BODY_WIDTH
    list_width = room if room >= _LIST_WIDTH else width
    lines = [*_title(view, keymap, list_width, asked_for), *_sites(marked, described, tables, list_width)]
    lines += _asked(view, keymap, list_width)
    picture = [*body({one.place: one.mark for one in marked}), *_key(marked)]
    lines = beside(lines, picture, room + _GAP) if list_width == room else [*lines, [], *picture]
    if described is not None:
        site, side = described.status.site, described.status.side
        lines += _landmarks(site, side, band, tables, width)
        lines += _dimensions(site, band, tables, width)
    lines += _devices(view, None if described is None else described.status.site, width)
    return content(lines)


def site_list(view: CaseView, width: int) -> list[Line]:
    """The sites in order with how they stand, each from its own line on."""
    return _sites(marked_sites(view), None, view.tables, width)


def _described(marked: list[MarkedSite], chosen: SitePlace | None) -> MarkedSite | None:
    trying = [one for one in marked if one.mark.text == TRYING]
    first_open = [one for one in marked if one.status.open]
    return next((one for one in marked if one.place == chosen), next(iter(trying + first_open), None))


def _title(view: CaseView, keymap: Keymap, width: int, asked_for: bool) -> list[Line]:
    band = view.bones().band
    age = "age unknown: order as for an infant" if band is None else view.tables.age_bands[band].label
    keys = f"   {keymap.key('sites')} closes, → ← scroll" if asked_for else ""
    return [
        *_flowed(("IO sheet", "bold $primary"), [(keys, "$quiet")], width, indent=len("IO sheet")),
        *_flowed(("", ""), [(age, "$quiet")], width, indent=0),
    ]


def _sites(marked: list[MarkedSite], described: MarkedSite | None, tables: Tables, width: int) -> list[Line]:
    """One site a line: a pointer at the one described, its mark, its name and how it stands."""
    names = [site_words(*one.place, tables) for one in marked]
    longest = max(map(len, names), default=0)
    lines = []
    for one, name in zip(marked, names):
        pointer = ">" if one is described else " "
        closed = one.mark.text in (CLOSED, TRIED)
        plainly_open = one.status.open and not one.mark.text.endswith(DISPUTED)
        tone = "$success" if plainly_open else "$error" if closed else one.mark.style
        parts = [(plain(name, 60), "strike $quiet" if closed else ""), (" " * (longest - len(name) + 1), "")]
        head = [(pointer, "bold $primary"), (f"{one.mark.text:^3} ", one.mark.style)]
        lines += flowed(head, [*parts, (one.words, tone)], width, indent=5)
    return lines


def _asked(view: CaseView, keymap: Keymap, width: int) -> list[Line]:
    """What nobody has asked about, and the state of the equipment."""
    tables, state = view.tables, view.state()
    asked = systemic_by(state, tables, view.now())
    unasked = [label(tables.conditions, name) for name in systemic(tables) if name not in asked]
    present = [label(tables.conditions, name) for name, (there, _) in asked.items() if there]
    lines = []
    if present:
        lines += _flowed(("Present: ", "bold $error"), [(", ".join(present), "bold $error")], width)
    if unasked:
        key = f" ({keymap.key('condition')})"
        lines += _flowed(
            ("Never asked: ", "bold"), [(", ".join(unasked), "$warning"), (key, "$quiet")], width
        )
    missing = [_short(tables.kit[item].label) for item in tables.kit if state.kit.get(item) is False]
    unchecked = [_short(one.label) for one in tables.kit.values() if one.id not in state.kit]
    if not state.kit:
        kit = [("not checked", "$warning")]
    elif not missing and not unchecked:
        kit = [("all ready", "$success")]
    else:
        kit = [(f"missing {', '.join(missing)}", "bold $error")] if missing else []
        kit += [("; ", "")] if missing and unchecked else []
        kit += [(f"not checked {', '.join(unchecked)}", "$warning")] if unchecked else []
    return lines + _flowed(("Equipment: ", "bold"), kit, width)


def _short(words: str) -> str:
    return words.split(" (")[0]


def _key(marked: list[MarkedSite]) -> list[Line]:
    """What the marks mean, of those that are there."""
    shown = [one.mark.text for one in marked]
    meanings = ["digit: open", *(f"{mark} {words}" for mark, words in _MEANINGS.items() if mark in shown)]
    meanings += [f"{DISPUTED} texts disagree"] if any(one.endswith(DISPUTED) for one in shown) else []
    return flowed([], [(", ".join(meanings), "$quiet")], BODY_WIDTH, 0)


def _landmarks(site: IoSite, side: str, band: str | None, tables: Tables, width: int) -> list[Line]:
    """Every text about the site at the age with its source, and where they put the needle."""
    landmarks = [landmark for landmark in site.landmarks if band is None or band in landmark.ages]
    lines = _heading(f"Landmark, {site_words(site.id, side, tables)}", _agreement(landmarks), width)
    for letter, landmark in lettered(landmarks):
        lines += _flowed((f" {letter}  ", "bold $key"), _cited(landmark, tables), width)
    drawing = landmark_drawing(site, side, landmarks, width)
    return [*lines, [], *drawing] if drawing else lines


def _agreement(landmarks: list[Landmark]) -> str:
    if len(landmarks) < 2:
        return "one text" if landmarks else "no text for this age"
    places = {one.text if one.point is None else one.point.place for one in landmarks}
    return f"{len(landmarks)} texts{', which disagree: none is a limit' if len(places) > 1 else ''}"


def _dimensions(site: IoSite, band: str | None, tables: Tables, width: int) -> list[Line]:
    """What was measured of the bone at the age."""
    found = [
        dimension
        for dimension in tables.dimensions
        if dimension.bone in (None, site.bone) and (band is None or band in dimension.ages)
    ]
    lines = _heading("Measured", "published figures, no limits", width) if found else []
    for one in found:
        words = [(one.value, "bold"), (f" {one.measure} ({one.population})", "")]
        lines += _flowed((" ·  ", "$quiet"), [*words, *_source(one.sources, one.status, tables)], width)
    return lines


def _devices(view: CaseView, site: IoSite | None, width: int) -> list[Line]:
    """The IO devices: by their labels those that fit weight and age, those of no known range, those that do not."""
    tables, state = view.tables, view.state()
    weight, age = state.value("weight"), state.age_days()
    grams = None if weight is None else weight.to("g")
    known = [
        "weight unknown" if weight is None else str(weight),
        "age unknown" if age is None else f"{age} {'day' if age == 1 else 'days'} old",
    ]
    lines = _heading("Devices", ", ".join(known), width)
    devices = [device for device in tables.devices.values() if device.route == "io"]
    doubts = {device.id: doubt(device, grams, age) for device in devices}
    fitting = [device for device in devices if doubts[device.id] is None]
    for device in sorted(fitting, key=lambda device: label_range(device) is None):
        lines += _fitting(device, site, age, tables, width)
    for device in devices:
        why = doubts[device.id]
        if why is not None:
            words = [(plain(device.label, 60), "$quiet"), (f": {why}{_unverified(device)}", "$warning")]
            lines += _flowed((" ×  ", "bold $error"), words, width)
    return lines


def _fitting(device: Device, site: IoSite | None, age: int | None, tables: Tables, width: int) -> list[Line]:
    lengths = ", ".join(str(length) for length in device.needle_mm)
    built = [*device.gauges, *([f"{lengths} mm"] if lengths else [])]
    labelled = label_range(device)
    words = [(plain(device.label, 60), "bold"), (f" {', '.join(built)}" if built else "", "")]
    if labelled is None:
        lines = _flowed((" ?  ", "bold $warning"), [*words, ("; no range known", "$quiet")], width)
    else:
        words += [(f"; {labelled}", "$success"), (_unverified(device), "$warning")]
        lines = _flowed((" ✓  ", "bold $success"), words, width)
    if site is not None and device.cleared_sites is not None and site.id not in device.cleared_sites:
        lines += _warned([(f"not cleared for the {site.label}", "$warning")], width)
    cautions = {caution.text: _cited(caution, tables) for caution in device.cautions}
    for needle in tables.needle_cautions:
        at_site = site is not None and needle.bone == site.bone and needle.needle_mm in device.needle_mm
        if at_site and age is not None and age <= needle.age_max_days:
            text = f"{needle.needle_mm} mm needle, {needle.bone}, {needle.age_max_days} days or younger"
            cautions[text] = [(text, ""), *_source(needle.sources, needle.status, tables)]
    for words in cautions.values():
        lines += _warned(words, width)
    return lines


def _warned(parts: Iterable[Part], width: int) -> list[Line]:
    return _flowed(("  ! ", "bold $warning"), parts, width)


def _unverified(device: Device) -> str:
    limits = ("weight_min_g", "weight_max_g", "age_min_days", "age_max_days")
    doubtful = any(device.evidence[one].status == "unverified" for one in limits if one in device.evidence)
    return " (unverified)" if doubtful else ""


def _cited(said: Landmark | Statement, tables: Tables) -> list[Part]:
    return [(plain(said.text, 300), ""), *_source(said.sources, said.status, tables)]


def _source(sources: tuple[str, ...], status: str, tables: Tables) -> list[Part]:
    doubtful = "" if status == "verified" else " (unverified)"
    return [(f" [{plain(tables.citations(sources), 200)}]", "$quiet"), (doubtful, "$warning")]


def _heading(words: str, beside: str, width: int) -> list[Line]:
    return [[], *_flowed((words, "bold $primary"), [(f"  {beside}", "$quiet")], width, indent=0)]


def _flowed(head: Part, parts: Iterable[Part], width: int, indent: int = _INDENT) -> list[Line]:
    """A paragraph: the first line begins with the head, the others are indented."""
    return flowed([head], parts, width, indent)
