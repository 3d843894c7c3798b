"""What each line of shorthand says: the exact entries, for every verb."""

from __future__ import annotations

from typing import Any

import pytest

from codelog.case.events import KINDS
from tests.terminal.shorthandkit import plainly, said

ATTEMPT, ENDED, CONFIRMED = "access.attempt_started", "access.attempt_ended", "access.confirmed"
DRUG, FLUID = "drug.given", "infusion.started"
TENTH = {"concentration": "0.1 mg/mL"}
HAND = {"route": "piv", "site": "hand", "side": "right"}
CANNULA = {"gauge": "24 G", "device": "cannula"}
TIBIA = {"route": "io", "site": "tibia_prox", "side": "left"}
UVC = {"route": "uvc", "site": "umbilical_vein", "side": "midline"}
ALL_THERE = dict.fromkeys(
    ("antiseptic", "gauze", "sterile_towels", "gloves", "io_device", "saline_flush", "iv_fluid"), True
) | {"infusion_set": True}


def one(kind: str, **data: Any) -> list[tuple[Any, ...]]:
    return [(kind, data)]


def tried(start: dict[str, Any], outcome: str, **ended: Any) -> list[tuple[Any, ...]]:
    return [(ATTEMPT, start), (ENDED, {"outcome": outcome, **ended}, 0)]


ADRENALINE = {"drug": "adrenaline", "dose": "0.034 mg", "volume": "0.34 mL", **TENTH}

LINES: list[tuple[str, str, list[tuple[Any, ...]]]] = [
    ("new", "piv r hand 24g failed vein blown", tried(HAND | CANNULA, "failed", reason="vein_ruptured")),
    ("new", "piv right hand 24 g failed", tried(HAND | CANNULA, "failed")),
    ("new", "PIV R HAND 24G", one(ATTEMPT, **HAND, **CANNULA)),
    ("new", "iv antecub l", one(ATTEMPT, route="piv", site="antecubital", side="left")),
    ("new", "piv ext jug r", one(ATTEMPT, route="piv", site="external_jugular", side="right")),
    (
        "new",
        "piv l other breast vein",
        one(ATTEMPT, route="piv", side="left", site="other", text="breast vein"),
    ),
    ("new", "piv scalp midwife", one(ATTEMPT, route="piv", site="scalp", operator_role="midwife")),
    (
        "new",
        "cvc femoral r aband",
        tried({"route": "cvc", "site": "femoral_vein", "side": "right"}, "abandoned"),
    ),
    ("new", "uvc", one(ATTEMPT, **UVC)),
    ("new", "uvc failed false", tried(UVC, "failed", reason="false_passage")),
    ("new", "io l tibia", one(ATTEMPT, **TIBIA)),
    ("new", "io l pt ezio 15", one(ATTEMPT, **TIBIA, device="ezio_15", needle_mm=15)),
    ("new", "io l prox t blue", one(ATTEMPT, **TIBIA, device="ezio_25", needle_mm=25)),
    ("new", "io l tibia_prox bd_io 25mm", one(ATTEMPT, **TIBIA, device="bd_io", needle_mm=25)),
    ("new", "io l tibia bd", one(ATTEMPT, **TIBIA, device="bd_io")),
    ("new", "io dt r", one(ATTEMPT, route="io", site="tibia_dist", side="right")),
    ("new", "io sternum", one(ATTEMPT, route="io", site="sternum_manubrium", side="midline")),
    ("new", "io l tibia other bent needle", one(ATTEMPT, **TIBIA, device="other", text="bent needle")),
    ("new", "io l tibia by Anna", one(ATTEMPT, **TIBIA, operator="Anna")),
    (
        "team",
        "io l tibia by anna berg",
        one(ATTEMPT, **TIBIA, operator="Anna Berg", operator_role="nurse"),
    ),
    (
        "new",
        "io l tibia est aspirate flush 5ml",
        [
            *tried(TIBIA, "established"),
            (CONFIRMED, {"signs": ["aspirate", "flush_free"], "flush": "5 mL"}, 0),
        ],
    ),
    ("new", "io l tibia failed because it slid off", tried(TIBIA, "failed", reason="it slid off")),
    ("trying", "failed vein blown", one(ENDED, outcome="failed", reason="vein_ruptured", attempt=1)),
    ("trying", "failed artery", one(ENDED, outcome="failed", reason="arterial", attempt=1)),
    ("trying", "est", one(ENDED, outcome="established", attempt=1)),
    ("trying", "ok", one(ENDED, outcome="established", attempt=1)),
    ("trying", "abandoned other access", one(ENDED, outcome="abandoned", reason="other_access", attempt=1)),
    ("trying io", "failed no flow", one(ENDED, outcome="failed", reason="no_flow", attempt=1)),
    (
        "trying io",
        "est flush",
        [
            (ENDED, {"outcome": "established", "attempt": 1}),
            (CONFIRMED, {"signs": ["flush_free"], "attempt": 1}),
        ],
    ),
    ("two tries", "failed #1", one(ENDED, outcome="failed", attempt=1)),
    ("two tries", "failed io missed", one(ENDED, outcome="failed", reason="missed_bone", attempt=2)),
    (
        "trying io",
        "detail l tibia nurse",
        one("access.attempt_described", site="tibia_prox", side="left", operator_role="nurse", attempt=1),
    ),
    (
        "trying",
        "detail r hand 24g",
        one("access.attempt_described", side="right", site="hand", **CANNULA, attempt=1),
    ),
    ("line", "signs aspirate flush", one(CONFIRMED, signs=["aspirate", "flush_free"], attempt=1)),
    ("line", "signs no swelling 3 mL", one(CONFIRMED, signs=["no_swelling"], flush="3 mL", attempt=1)),
    ("two lines", "signs piv aspirate", one(CONFIRMED, signs=["aspirate"], attempt=2)),
    ("line", "limb swollen", one("access.checked", finding="swelling", attempt=1)),
    ("two lines", "limb ok", one("access.checked", finding="ok", attempt=1)),
    ("two lines", "limb #2 ok", one("access.checked", finding="ok", attempt=2)),
    ("line", "lost dislodged", one("access.lost", reason="dislodged", attempt=1)),
    ("line", "lost tissued", one("access.lost", reason="infiltrated", attempt=1)),
    (
        "line",
        "lost other pulled by hand",
        one("access.lost", reason="other", text="pulled by hand", attempt=1),
    ),
    ("line", "lost because kicked", one("access.lost", reason="kicked", attempt=1)),
    ("two lines", "removed piv", one("access.removed", attempt=2)),
    ("line", "removed because not needed", one("access.removed", reason="not needed", attempt=1)),
    ("new", "need emergent", one("access.needed", urgency="emergent")),
    ("new", "need", one("access.needed", urgency="urgent")),
    ("new", "need routine because transfer", one("access.needed", urgency="routine", reason="transfer")),
    ("new", "present io l tibia since 12m", one("access.present", **TIBIA, since="12 min")),
    ("new", "present uvc for 2 h", one("access.present", **UVC, since="2 h")),
    ("new", "present io tibia l ezio 15", one("access.present", **TIBIA, device="ezio_15")),
    ("new", "adr 0.02/kg io", one(DRUG, **ADRENALINE, route="io")),
    ("line", "epi 0.02/kg", one(DRUG, **ADRENALINE, route="io", attempt=1)),
    ("line", "adrenaline 0.02 mg/kg #1", one(DRUG, **ADRENALINE, route="io", attempt=1)),
    ("gone", "adr 0.02/kg #1", one(DRUG, **ADRENALINE, route="io", attempt=1)),
    ("two lines", "adr 0.02/kg iv", one(DRUG, **ADRENALINE, route="iv", attempt=2)),
    ("two lines", "adr 0.02/kg piv", one(DRUG, **ADRENALINE, route="iv", attempt=2)),
    ("line", "adr 0.02/kg iv", one(DRUG, **ADRENALINE, route="iv")),
    ("two bones", "adr 0.02/kg #2", one(DRUG, **ADRENALINE, route="io", attempt=2)),
    ("new", "adr 0.1mg im", one(DRUG, drug="adrenaline", dose="0.1 mg", volume="1 mL", **TENTH, route="im")),
    (
        "line",
        "adr 0.1/kg ett",
        one(DRUG, drug="adrenaline", dose="0.17 mg", volume="1.7 mL", **TENTH, route="ett"),
    ),
    ("new", "adr 34UG io", one(DRUG, drug="adrenaline", dose="34 ug", volume="0.34 mL", **TENTH, route="io")),
    (
        "new",
        "adr 0.6 mL io",
        one(DRUG, drug="adrenaline", dose="0.06 mg", volume="0.6 mL", **TENTH, route="io"),
    ),
    ("new", "adr 0.2mL/kg io", one(DRUG, **ADRENALINE, route="io")),
    (
        "new",
        "adr 0.06mg 1:1000 io",
        one(DRUG, drug="adrenaline", dose="0.06 mg", volume="0.06 mL", concentration="1 mg/mL", route="io"),
    ),
    ("new", "adr 0.05mg 0.6ml io", one(DRUG, drug="adrenaline", dose="0.05 mg", volume="0.6 mL", route="io")),
    ("new", "adr 0.02/kg io flush 3ml", one(DRUG, **ADRENALINE, flush="3 mL", route="io")),
    (
        "new",
        "adr 0.1mg other sublingual",
        one(DRUG, drug="adrenaline", dose="0.1 mg", volume="1 mL", **TENTH, route="other", text="sublingual"),
    ),
    (
        "older",
        "adr 0.01/kg io",
        one(DRUG, drug="adrenaline", dose="0.2 mg", volume="2 mL", **TENTH, route="io"),
    ),
    (
        "new",
        "bicarb 4.2% 2/kg uvc",
        one(
            DRUG,
            drug="sodium_bicarbonate_4_2",
            dose="3.4 mmol",
            volume="6.8 mL",
            concentration="0.5 mmol/mL",
            route="uvc",
        ),
    ),
    (
        "new",
        "sodium_bicarbonate_8_4 1mmol/kg iv",
        one(
            DRUG,
            drug="sodium_bicarbonate_8_4",
            dose="1.7 mmol",
            volume="1.7 mL",
            concentration="1 mmol/mL",
            route="iv",
        ),
    ),
    (
        "new",
        "calcium 100/kg iv",
        one(
            DRUG,
            drug="calcium_gluconate_10",
            dose="170 mg",
            volume="1.7 mL",
            concentration="100 mg/mL",
            route="iv",
        ),
    ),
    (
        "new",
        "glucose 10 mL iv",
        one(DRUG, drug="glucose_10", dose="1 g", volume="10 mL", concentration="0.1 g/mL", route="iv"),
    ),
    (
        "new",
        "glucose 10% 2mL/kg iv",
        one(DRUG, drug="glucose_10", dose="0.34 g", volume="3.4 mL", concentration="0.1 g/mL", route="iv"),
    ),
    (
        "new",
        "atropine 0.02/kg io",
        one(DRUG, drug="atropine", dose="0.034 mg", volume="0.34 mL", **TENTH, route="io"),
    ),
    ("new", "lido 1ml io", one(DRUG, drug="lidocaine", dose="1 mL", route="io")),
    (
        "new",
        "lido 1ml 10mg/ml io",
        one(DRUG, drug="lidocaine", dose="10 mg", volume="1 mL", concentration="10 mg/mL", route="io"),
    ),
    ("new", "drug 5mg iv other ketamine", one(DRUG, drug="other", dose="5 mg", route="iv", text="ketamine")),
    (
        "new",
        "drug naloxone 0.17mg im",
        one(DRUG, drug="naloxone", dose="0.17 mg", volume="0.425 mL", concentration="0.4 mg/mL", route="im"),
    ),
    (
        "line",
        "saline 10/kg over 5m",
        one(FLUID, fluid="saline_0_9", volume="17 mL", rate="204 mL/h", route="io", attempt=1),
    ),
    ("new", "saline 20/kg io", one(FLUID, fluid="saline_0_9", volume="34 mL", route="io")),
    ("new", "blood 40ml io", one(FLUID, fluid="blood_o_neg", volume="40 mL", route="io")),
    ("new", "whole blood 10mL/kg iv", one(FLUID, fluid="whole_blood", volume="17 mL", route="iv")),
    ("new", "saline io", one(FLUID, fluid="saline_0_9", route="io")),
    ("new", "dopamine 5ug/kg/min io", one(FLUID, fluid="dopamine", dose_rate="5 ug/kg/min", route="io")),
    ("new", "adr 0.1ug/kg/min io", one(FLUID, fluid="adrenaline", dose_rate="0.1 ug/kg/min", route="io")),
    (
        "new",
        "glucose 2mL/kg over 10 min iv",
        one(FLUID, fluid="glucose_10", volume="3.4 mL", rate="20.4 mL/h", route="iv"),
    ),
    (
        "new",
        "glucose 0.2g/kg over 10 min iv",
        one(FLUID, fluid="glucose_10", volume="3.4 mL", rate="20.4 mL/h", route="iv"),
    ),
    ("new", "infusion glucose 12mL/hr iv", one(FLUID, fluid="glucose_10", rate="12 mL/h", route="iv")),
    (
        "new",
        "fluid 20ml iv other gelatine",
        one(FLUID, fluid="other", volume="20 mL", route="iv", text="gelatine"),
    ),
    ("line", "rate 12ml/h", one("infusion.changed", infusion=1, rate="12 mL/h")),
    ("drips", "rate dopamine 10ug/kg/min", one("infusion.changed", infusion=2, dose_rate="10 ug/kg/min")),
    ("line", "stop", one("infusion.stopped", infusion=1)),
    (
        "drips",
        "stop saline 12ml because swelling",
        one("infusion.stopped", infusion=1, volume="12 mL", reason="swelling"),
    ),
    ("drips", "stop #2", one("infusion.stopped", infusion=2)),
    (
        "new",
        "hr 60 spo2 88 temp 36.5 apgar 3@1",
        one("vital.recorded", heart_rate=60, spo2=88, temperature="36.5 Cel", apgar=3, apgar_minute=1),
    ),
    ("new", "rr 40 bp 55 sats 90%", one("vital.recorded", resp_rate=40, systolic=55, spo2=90)),
    ("new", "apgar 8 temp 37c", one("vital.recorded", apgar=8, temperature="37 Cel")),
    ("new", "ppv", one("care.started", care="ppv")),
    ("ventilated", "ppv stop", one("care.ended", care="ppv")),
    ("ventilated", "ppv start", one("care.started", care="ppv")),
    ("new", "cpr start", one("care.started", care="compressions")),
    ("new", "cpr stop", one("care.ended", care="compressions")),
    ("new", "intubated result tube at 9 cm", one("care.started", care="intubation", result="tube at 9 cm")),
    ("new", "care stop other physio", one("care.ended", care="other", text="physio")),
    ("new", "care cpap", one("care.started", care="cpap")),
    ("new", "cord clamping", one("care.started", care="cord_clamping")),
    ("new", "arrest", one("arrest.recognised")),
    ("new", "rosc", one("rosc.recognised")),
    (
        "new",
        "1700g 29w 0d cord unusable",
        one("patient.described", weight="1700 g", gestation_weeks=29, age_days=0, cord="unusable"),
    ),
    (
        "new",
        "1.7kg estimated girl",
        one("patient.described", weight="1.7 kg", weight_source="estimated", sex="female"),
    ),
    ("new", "patient boy uncooled", one("patient.described", sex="male", cooling=False)),
    (
        "new",
        "weight 1700 g by length",
        one("patient.described", weight="1700 g", weight_source="length_based"),
    ),
    ("new", "cord usable", one("patient.described", cord="usable")),
    ("new", "cooled", one("patient.described", cooling=True)),
    (
        "new",
        "fracture l tibia yes",
        one("condition.noted", condition="fracture", present=True, bone="tibia", side="left"),
    ),
    ("new", "fracture no", one("condition.noted", condition="fracture", present=False)),
    ("new", "osteogenesis no", one("condition.noted", condition="osteogenesis_imperfecta", present=False)),
    ("new", "sternotomy absent", one("condition.noted", condition="sternotomy", present=False)),
    ("line", "complication extrav #1", one("complication.noted", complication="extravasation", attempt=1)),
    ("new", "complication fracture", one("complication.noted", complication="fracture")),
    ("new", "complication other bruise", one("complication.noted", complication="other", text="bruise")),
    (
        "new",
        "team anna doctor uvc yes io no",
        one("team.noted", person="anna", role="doctor", uvc_experienced=True, io_experienced=False),
    ),
    ("team", "team anna io yes", one("team.noted", person="Anna Berg", role="nurse", io_experienced=True)),
    ("team", "team nurse", one("team.noted", person="nurse 2", role="nurse")),
    ("new", "kit all", one("kit.checked", items=ALL_THERE)),
    ("new", "kit all no gauze", one("kit.checked", items=ALL_THERE | {"gauze": False})),
    (
        "new",
        "kit gloves flush no io gauze",
        one("kit.checked", items={"gloves": True, "saline_flush": True, "io_device": False, "gauze": False}),
    ),
    ("new", "note  free words  to the end [b]", one("note.added", text="free words  to the end [b]")),
    ("new", "note -5 of base excess", one("note.added", text="-5 of base excess")),
]


@pytest.mark.parametrize(("name", "line", "expected"), LINES, ids=[line for _, line, _ in LINES])
def test_that_a_line_makes_exactly_these_entries(
    name: str, line: str, expected: list[tuple[Any, ...]]
) -> None:
    reading = said(line, name)
    assert reading.problem is None
    assert plainly(reading.entries) == expected
    assert len(reading.preview) == len(expected)
    assert reading.ago_ms == 0


def test_that_every_kind_that_a_scribe_enters_can_be_said() -> None:
    entered_elsewhere = {"case.", "flag.", "event.", "clock.", "debrief.", "archive."}
    kinds = {kind for kind in KINDS if not kind.startswith(tuple(entered_elsewhere))}
    assert {entry[0] for _, _, expected in LINES for entry in expected} == kinds


@pytest.mark.parametrize(
    ("line", "ago"),
    [
        ("ppv -2m", 120_000),
        ("ppv -90s", 90_000),
        ("ppv -1:30", 90_000),
        ("ppv -2min", 120_000),
        ("ppv -1h", 3_600_000),
        ("ppv -24h", 86_400_000),
        ("-2m ppv", 120_000),
        ("piv -2m r hand", 120_000),
        ("note mother came -2m", 120_000),
        ("failed because mother came -2m", 120_000),
    ],
)
def test_that_a_time_before_now_holds_for_the_line(line: str, ago: int) -> None:
    reading = said(line, "trying")
    assert reading.problem is None
    assert reading.ago_ms == ago
    assert all(" ago)" in sentence for sentence in reading.preview)
    assert not any("-2m" in str(entry.data) for entry in reading.entries)


def test_that_the_preview_is_what_the_timeline_will_say() -> None:
    assert said("piv r hand 24g failed vein blown -2m", "line").preview == (
        "PIV attempt 2 started: right hand, cannula, 24 G (2:00 ago)",
        "Attempt 2 failed: vein ruptured (2:00 ago)",
    )
    assert said("saline 10/kg", "line").preview == ("Infusion 2 started: saline 0.9 % 17 mL by IO (line 1)",)
    assert said("note \x1b[31mred").preview == ("Note: \\x1b[31mred",)


def test_that_an_empty_line_offers_the_verbs_and_complains_of_nothing() -> None:
    for line in ("", "  "):
        reading = said(line)
        assert (reading.entries, reading.problem, reading.preview) == ((), None, ())
        assert {"piv", "io", "need", "adrenaline", "saline", "heart rate", "note"} <= set(reading.completions)


@pytest.mark.parametrize(
    ("line", "name", "completed"),
    [
        ("pi", "new", "piv "),
        ("io l prox t", "new", "io l prox tibia "),
        ("bicarb 8", "new", "bicarb 8.4% "),
        ("adr ", "new", "adr 0.02mg/kg "),
        ("adr 0.05mg i", "new", "adr 0.05mg iv "),
        ("failed ", "two tries", "failed #2 "),
        ("io by an", "team", "io by anna berg "),
        ("hr 60 s", "new", "hr 60 spo2 "),
        ("stop d", "drips", "stop dopamine "),
    ],
)
def test_that_the_first_completion_is_the_best(line: str, name: str, completed: str) -> None:
    reading = said(line, name)
    assert reading.completed(reading.completions[0]) == completed


def test_that_nothing_is_offered_that_has_nothing_to_be_about() -> None:
    about = {"failed", "detail", "signs", "lost", "stop"}
    assert not about & set(said("").completions)
    assert about & set(said("", "trying").completions) == {"failed", "detail"}
    assert about & set(said("", "line").completions) == {"signs", "lost", "stop"}


def test_that_doses_by_weight_are_offered_only_with_a_weight() -> None:
    assert any("/kg" in each for each in said("adr ").completions)
    assert not any("/kg" in each for each in said("adr ", "unknown").completions)
