"""The published scenarios against figures worked out by hand from their files."""

from __future__ import annotations

import pytest

from codelog.case.quantities import Quantity
from codelog.debrief.report.value import DebriefReport
from tests.debrief.reportkit import events_of, interval, ms, report_of, scenario, spans

# need to first attempt, need to access, first attempt to access: one row for every need
ACCESS = {
    "blood-loss-at-birth": [("0:10", "3:00", "2:50")],
    "epistaxis-thirty-one-months": [("0:20", "4:20", "4:00")],
    "infant-popliteal-artery": [("0:05", "2:10", "2:05")],
    "near-drowning-compartment": [("0:10", "2:30", "2:20")],
    "newborn-unit-preterm-second-needle": [("0:05", "2:05", "2:00"), ("0:38", "1:10", "0:32")],
    "newborn-unit-term-twenty-hours": [("0:05", "5:55", "5:50")],
    "one-month-sepsis-compartment": [("0:30", "8:55", "8:25"), ("0:30", "3:20", "2:50")],
    "purpura-fulminans-two-tibias": [("0:10", "2:50", "2:40")],
    "sids-extravasation-necrosis": [("0:10", "2:25", "2:15"), ("1:45", "2:15", "0:30")],
    "simulation-pair-io": [("0:10", "1:08", "0:58")],
    "simulation-pair-uvc": [("0:10", "1:54", "1:44")],
}


def told(name: str) -> DebriefReport:
    return report_of(events_of(scenario(name)))


def volume(amount: str) -> Quantity:
    return Quantity.parse(f"{amount} mL")


@pytest.mark.parametrize("name", ACCESS)
def test_the_way_to_access(name: str) -> None:
    report = told(name)
    ids = ("need_to_first_attempt", "need_to_access", "first_attempt_to_access")
    found = list(zip(*(spans(report, id) for id in ids), strict=True))
    assert found == [tuple(ms(text) for text in row) for row in ACCESS[name]]


def test_every_scenario_is_held_against_hand_made_figures() -> None:
    from tests.debrief.reportkit import SCENARIOS

    assert {path.stem for path in SCENARIOS} == set(ACCESS)


def test_the_pair_differs_by_the_published_forty_six_seconds() -> None:
    io, uvc = told("simulation-pair-io"), told("simulation-pair-uvc")
    assert spans(uvc, "need_to_access")[0] - spans(io, "need_to_access")[0] == 46_000  # type: ignore[operator]


def test_blood_loss_adrenaline() -> None:
    report = told("blood-loss-at-birth")
    assert spans(report, "zero_to_first_adrenaline") == [ms("2:05")]
    assert spans(report, "zero_to_first_adrenaline_by_line") == [ms("5:10")]
    assert spans(report, "arrest_to_first_adrenaline") == [ms("0:35")]  # compressions at 1:30, tube at 2:05
    assert interval(report, "arrest_to_first_adrenaline").target is None  # no figure for the newborn
    assert spans(report, "access_to_first_adrenaline") == [ms("0:10")]
    between = [found for found in report.intervals if found.id == "adrenaline_interval"]
    assert [(found.ms, found.met) for found in between] == [
        (ms("3:05"), True),
        (ms("3:20"), True),
        (ms("5:40"), False),
    ]
    assert (report.adrenaline.doses, report.adrenaline.early, report.adrenaline.late) == (4, 0, 1)
    (total,) = report.given.drug_totals
    assert (str(total.total), str(total.per_kg)) == ("0.38 mg", "0.131 mg/kg")  # 0.38 / 2.9


def test_blood_loss_flags_and_lines() -> None:
    report = told("blood-loss-at-birth")
    assert spans(report, "flag_to_io_start") == [ms("2:35")]  # 2:00 to 4:35
    assert spans(report, "flag_to_io_in") == [ms("3:00")]
    decision = interval(report, "flag_to_decision")
    assert decision.ms is None and "umbilical catheter in progress" in (decision.why or "")
    assert spans(report, "uvc_start_to_success") == [ms("5:00")]  # the second one, 26:00 to 31:00
    assert spans(report, "io_dwell") == [ms("29:00")]  # 5:00 to 34:00
    assert spans(report, "io_in_to_confirmed") == [ms("0:40")]
    needle = report.given.lines[0]
    assert (needle.line, needle.doses, needle.infusions) == (2, 3, 3)
    assert (needle.infusion_volume, needle.drug_volume) == (volume("87"), volume("1.8"))
    assert (needle.flush_volume, needle.volume) == (
        volume("12"),
        volume("100.8"),
    )  # 3 x 3 mL, 3 mL to confirm
    assert report.given.fluids.per_kg == Quantity.parse("30 mL/kg")


def test_blood_loss_amendment_is_used_and_listed() -> None:
    report = told("blood-loss-at-birth")
    second = report.given.doses[1]
    assert str(second.concentration) == "0.1 mg/mL"
    assert second.events == (21, 25)  # the dose, and the amendment of it
    (amended,) = report.quality.amended
    assert amended.changes == ("concentration: 0.1 mg/mL",)
    assert amended.reason == "ampoule read back" and not amended.adds
    gone = [flag for flag in report.flags.hindsight.flags if flag.standing == "gone"]
    assert [(flag.rule, flag.basis) for flag in gone] == [("dose-range", "concentration")]


def test_purpura_volumes_and_bones() -> None:
    report = told("purpura-fulminans-two-tibias")
    assert report.given.fluids.volume == volume("730")  # as published
    assert [str(line.infusion_volume) for line in report.given.lines] == ["400 mL", "330 mL", "0 mL"]
    used = [(bone.bone.id, bone.side, bone.attempts) for bone in report.access.bones_used]
    assert used == [("tibia", "left", (3,)), ("tibia", "right", (4,))]
    second = report.access.attempts[3]
    assert second.bones is not None
    ruled_out = [(bone.bone.id, bone.side, bone.why, bone.same_bone) for bone in second.bones.ruled_out]
    assert ruled_out == [("tibia", "left", "tried in attempt 3", True)]
    assert second.bones.against is None
    assert [len(attempt.checks) for attempt in report.access.attempts] == [0, 0, 3, 3, 0]


def test_near_drowning_line_from_before_and_an_abandoned_needle() -> None:
    report = told("near-drowning-compartment")
    first, _, _, needle, femur, _ = report.access.attempts
    assert first.present and first.before_ms == ms("25:00") and first.nth_by_route is None
    assert first.gone_reason is not None and first.gone_reason.id == "infiltrated"
    assert needle.bones is not None and needle.bones.against is not None
    assert (needle.bones.against.bone.id, needle.bones.against.side) == ("tibia", "right")
    assert needle.bones.against.same_bone and needle.bones.against.events == (4,)
    assert (needle.nth_by_route, femur.nth_by_route) == (1, 2)
    assert needle.reason is not None and needle.reason.label == "hole of the earlier needle seen"
    io = next(count for count in report.attempts.by_route if count.of and count.of.id == "io")
    assert (io.tried, io.established, io.abandoned, io.first_pass) == (2, 1, 1, False)
    at_end = {(bone.bone.id, bone.side): bone.why for bone in report.access.bones_at_end.ruled_out}
    assert at_end[("tibia", "left")] == "tried in attempt 1"
    assert ("femur", "right") in at_end and ("femur", "left") in at_end  # the limb of the swollen calf


def test_infant_decision_and_dose_amended() -> None:
    report = told("infant-popliteal-artery")
    assert spans(report, "flag_to_decision") == [ms("0:08")]  # 1:50 to 1:58
    assert spans(report, "decision_to_io_in") == [ms("0:42")]  # to 2:40
    target = interval(report, "arrest_to_first_adrenaline").target
    assert target is not None and (target.most_ms, target.status) == (ms("5:00"), "unverified")
    (total,) = report.given.drug_totals
    assert str(total.total) == "0.11 mg"
    assert [str(dose.per_kg) for dose in report.given.doses] == ["0.01 mg/kg", "0.01 mg/kg"]


def test_retracted_dose_does_not_count_and_is_listed() -> None:
    report = told("sids-extravasation-necrosis")
    assert len(report.given.doses) == 3
    (gone,) = report.quality.retracted
    assert gone.of.startswith("Adrenaline") and gone.reason == "entered twice, given once"
    first = interval(report, "io_in_to_confirmed")
    assert (first.ms, first.why) == (None, "never confirmed")
    assert spans(report, "io_dwell") == [ms("6:40"), None]
    assert interval(report, "io_dwell", 1).so_far_ms == ms("14:30")


def test_late_entry_is_counted_where_it_happened() -> None:
    report = told("newborn-unit-preterm-second-needle")
    (late,) = report.quality.late
    assert late.after_ms == 12_000
    # The needle went in two seconds before the limit: with that known, nothing would have been asked.
    gone = {(flag.rule, flag.basis) for flag in report.flags.hindsight.flags if flag.standing == "gone"}
    assert ("io-consider", "elapsed") in gone
    assert interval(report, "flag_to_io_start").why == "IO was begun before the flag was raised"
    dopamine = report.given.infusions[-1]
    assert (dopamine.line, dopamine.line_inferred, dopamine.volume) == (5, True, None)


def test_the_paragraph() -> None:
    words = [sentence.text for sentence in told("simulation-pair-io").story]
    assert words[3] == "Access was needed at 1:45; IO left proximal tibia was in at 2:53, 1:08 min later."
    assert words[-3].startswith("The case is open: this report is interim.")
