"""The shipped tables say what the log format and the rules say, and every fact in them has its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from importlib import resources

import pytest

from codelog.case.quantities import Quantity
from codelog.case.vocabulary import ACCESS_ROUTES, LOSS_REASONS
from codelog.clinical.codes import load_codes
from codelog.clinical.entries import DoseAge
from codelog.clinical.evidence import Evidence
from codelog.clinical.tables import Tables, load_tables

# Copied from the log format, section 3, "Ids".
VEIN_SITES = """`hand` `wrist` `forearm` `antecubital` `foot` `ankle` `scalp` `external_jugular`
`internal_jugular` `subclavian` `femoral_vein` `umbilical_vein` `other`"""
CONDITIONS = """`fracture` `prior_io` `skin_infection` `burn` `osteomyelitis` `compartment_syndrome`
`vascular_compromise` `hardware` `no_landmark` `cant_immobilise` `sternotomy` (with bone and side);
`osteogenesis_imperfecta` `osteopetrosis` `osteoporosis_osteopenia` `coagulopathy` (systemic);
`preterm` `inotropes_io` `vesicant` (cautions, in no rule)"""
COMPLICATIONS = """`extravasation` `compartment_syndrome` `fracture` `through_and_through` `dislodgement`
`osteomyelitis` `cellulitis` `skin_necrosis` `limb_ischaemia` `arterial_injury` `fat_embolism` `air_embolism`
`growth_plate_injury` `haematoma` `other`"""
DEVICES = """`ezio_15` `ezio_25` `ezio_45` `ezio_manual` `bd_io` `sam_io` `nio_a` `nio_p` `nio_i` `big_ped`
`jamshidi` `cook_dieckmann` `cook_surfast` `fast1` `butterfly` `spinal_needle` `hypodermic` (IO);
`cannula` `umbilical_catheter` `central_catheter`; `other`"""
DRUGS = """`adrenaline` `sodium_bicarbonate_4_2` `sodium_bicarbonate_8_4` `calcium_gluconate_10` `glucose_10`
`atropine` `naloxone` `lidocaine` `other`"""
FLUIDS = """`saline_0_9` `ringer_lactate` `glucose_10` `blood_o_neg` `whole_blood` `plasma` `albumin_5`
`dopamine` `dobutamine` `adrenaline` `noradrenaline` `other`"""
KIT = "`antiseptic` `gauze` `sterile_towels` `gloves` `io_device` `saline_flush` `iv_fluid` `infusion_set`"
SIGNS = """`stands_unsupported` `aspirate` `flush_free` `no_swelling` `flow_under_pressure` `drug_effect`
`ultrasound` `xray`"""
FINDINGS = "`ok` `swelling` `cold` `pale` `no_pulse` `leak`"

# Copied from the rules, "Bones and limbs".
BONES = "`femur` `tibia` `calcaneus` `humerus` `radius` `ulna` `clavicle` `sternum` `ilium`"
SITE_STATUS = """
| `tibia_prox` | preferred | preferred | preferred | alternative |
| `femur_dist` | second | second | second | not_recommended |
| `tibia_dist` | disputed | disputed | alternative | alternative |
| `humerus_prox` | theoretical | alternative | alternative | preferred |
| `sternum_manubrium` | not_recommended | not_recommended | not_recommended | alternative |
| `iliac_crest` `radius_dist` `ulna` `clavicle` `calcaneus` | not_recommended | rare | rare | rare |
"""
SITE_BONES = {
    "tibia_prox": "tibia",
    "tibia_dist": "tibia",
    "femur_dist": "femur",
    "humerus_prox": "humerus",
    "sternum_manubrium": "sternum",
    "iliac_crest": "ilium",
    "radius_dist": "radius",
    "ulna": "ulna",
    "clavicle": "clavicle",
    "calcaneus": "calcaneus",
}


def ids(text: str) -> list[str]:
    return re.findall(r"`(\w+)`", text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("vein_sites", VEIN_SITES),
        ("conditions", CONDITIONS),
        ("complications", COMPLICATIONS),
        ("devices", DEVICES),
        ("drugs", DRUGS),
        ("fluids", FLUIDS),
        ("kit", KIT),
        ("signs", SIGNS),
        ("bones", BONES),
    ],
)
def test_vocabulary_is_the_one_of_the_log_format(name: str, text: str) -> None:
    assert list(load_tables().vocabulary().ids(name)) == ids(text)


def test_io_sites_are_those_of_the_rules_each_in_its_bone() -> None:
    assert {site.id: site.bone for site in load_tables().io_sites.values()} == SITE_BONES


def test_findings_and_loss_reasons_are_those_of_the_log_format() -> None:
    tables = load_tables()
    assert list(tables.findings) == ids(FINDINGS)
    assert tuple(tables.loss_reasons) == LOSS_REASONS


def test_site_status_is_the_table_of_the_rules() -> None:
    expected = {}
    for row in SITE_STATUS.strip().splitlines():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        for site in ids(cells[0]):
            expected[site] = dict(zip(("newborn", "infant", "child", "above"), cells[1:], strict=True))
    assert {site.id: dict(site.status) for site in load_tables().io_sites.values()} == expected


def test_sides_are_left_and_right_except_for_the_sternum() -> None:
    for site in load_tables().io_sites.values():
        assert site.sides == (("midline",) if site.bone == "sternum" else ("left", "right"))


def test_limbs_and_what_is_proximal() -> None:
    bones = load_tables().bones
    assert {b.id: (b.limb, b.proximal) for b in bones.values() if b.limb} == {
        "femur": ("leg", ()),
        "tibia": ("leg", ("femur",)),
        "calcaneus": ("leg", ("femur", "tibia")),
        "humerus": ("arm", ()),
        "radius": ("arm", ("humerus",)),
        "ulna": ("arm", ("humerus",)),
    }
    assert [b.id for b in bones.values() if not b.limb] == ["clavicle", "sternum", "ilium"]


@pytest.mark.parametrize(
    ("age_days", "band", "dose_age"),
    [
        (0, "newborn", "newborn"),
        (27, "newborn", "newborn"),
        (28, "infant", "older"),
        (364, "infant", "older"),
        (365, "child", "older"),
        (4379, "child", "older"),
        (4380, "above", "older"),
        (30000, "above", "older"),
    ],
)
def test_age_bands(age_days: int, band: str, dose_age: str) -> None:
    tables = load_tables()
    assert tables.age_band(age_days) == band
    assert tables.dose_age(age_days) == dose_age


def test_a_negative_age_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        load_tables().age_band(-1)


def test_scopes_of_the_conditions() -> None:
    by_scope: dict[str, set[str]] = {}
    for condition in load_tables().conditions.values():
        by_scope.setdefault(condition.scope, set()).add(condition.id)
    assert by_scope == {
        "bone": {
            "prior_io",
            "skin_infection",
            "burn",
            "osteomyelitis",
            "hardware",
            "no_landmark",
            "sternotomy",
        },
        "bone_and_distal": {"fracture"},
        "limb": {"compartment_syndrome", "vascular_compromise", "cant_immobilise"},
        "systemic": {
            "osteogenesis_imperfecta",
            "osteopetrosis",
            "osteoporosis_osteopenia",
            "coagulopathy",
        },
        "caution": {"preterm", "inotropes_io", "vesicant"},
    }


def test_only_a_sternotomy_brings_its_bone() -> None:
    with_bone = {c.id: c.bone for c in load_tables().conditions.values() if c.bone}
    assert with_bone == {"sternotomy": "sternum"}


def test_labels_of_the_ezio_15() -> None:
    device = load_tables().devices["ezio_15"]
    assert (device.route, device.gauge, device.needle_mm) == ("io", "15 G", (15,))
    assert (device.weight_min_g, device.weight_max_g) == (3000, 39000)
    assert (device.age_min_days, device.age_max_days) == (None, None)
    assert device.cleared_sites == ("humerus_prox", "tibia_prox", "tibia_dist", "femur_dist")
    assert device.evidence["weight_min_g"] == Evidence(("S19", "S20", "S21"), "verified")


def test_the_25_mm_needle_draws_its_caution() -> None:
    tables = load_tables()
    (caution,) = tables.needle_cautions
    assert (caution.needle_mm, caution.bone, caution.age_max_days) == (25, "tibia", 183)
    assert (caution.sources, caution.status) == (("S43",), "verified")
    assert tables.devices["ezio_25"].cautions[0].text == "25 mm needle, tibia, 183 days or younger"


def test_a_gauge_is_given_only_where_there_is_one() -> None:
    devices = load_tables().devices
    assert devices["hypodermic"].gauge == "18 G"
    assert devices["cook_dieckmann"].gauge is None
    assert devices["nio_i"].needle_mm == ()


def test_off_label_devices_and_routes() -> None:
    devices = load_tables().devices
    assert [d.id for d in devices.values() if d.off_label] == ["butterfly", "spinal_needle", "hypodermic"]
    assert {d.id: d.route for d in devices.values() if d.route != "io"} == {
        "cannula": "piv",
        "umbilical_catheter": "uvc",
        "central_catheter": "cvc",
        "other": None,
    }


@pytest.mark.parametrize(
    ("route", "age", "low", "high", "usual", "most"),
    [
        ("io", "newborn", "0.01 mg/kg", "0.03 mg/kg", "0.02 mg/kg", None),
        ("uvc", "newborn", "0.01 mg/kg", "0.03 mg/kg", "0.02 mg/kg", None),
        ("ett", "newborn", "0.05 mg/kg", "0.1 mg/kg", "0.1 mg/kg", None),
        ("iv", "older", "0.008 mg/kg", "0.012 mg/kg", "0.01 mg/kg", "1 mg"),
    ],
)
def test_adrenaline_ranges(
    route: str, age: DoseAge, low: str, high: str, usual: str, most: str | None
) -> None:
    dose_range = load_tables().drugs["adrenaline"].range_for(route, age)
    assert dose_range is not None
    assert (dose_range.min, dose_range.max) == (Quantity.parse(low), Quantity.parse(high))
    assert dose_range.usual == Quantity.parse(usual)
    assert dose_range.absolute_max == (Quantity.parse(most) if most else None)


def test_adrenaline_by_other_routes_has_no_range() -> None:
    adrenaline = load_tables().drugs["adrenaline"]
    assert adrenaline.range_for("im", "newborn") is None
    assert adrenaline.range_for("ett", "older") is None


def test_adrenaline_beyond_its_ranges() -> None:
    adrenaline = load_tables().drugs["adrenaline"]
    assert [str(c) for c in adrenaline.concentrations] == ["0.1 mg/mL", "1 mg/mL"]
    assert adrenaline.flush == Quantity(Decimal(3), "mL")
    assert (str(adrenaline.repeat_from), str(adrenaline.repeat_by)) == ("3 min", "5 min")
    assert str(adrenaline.tracheal_dose_by_line) == "0.05 mg/kg"


def test_a_drug_without_figures_has_no_concentration() -> None:
    assert load_tables().drugs["other"].concentrations == ()


def test_every_route_has_suggested_reasons() -> None:
    tables = load_tables()
    for route in ACCESS_ROUTES:
        reasons = tables.failure_reasons_for(route)
        assert reasons and all(route in reason.routes for reason in reasons)


def test_citations_are_text_for_people() -> None:
    tables = load_tables()
    assert tables.citations(("GK", "our guideline 7")) == (
        "general knowledge, not read in a source; our guideline 7"
    )


def evidence_of(tables: Tables) -> Iterator[tuple[str, Evidence]]:
    for site in tables.io_sites.values():
        yield site.id, site.evidence
        yield from ((site.id, Evidence(x.sources, x.status)) for x in site.landmarks)
    for dimension in tables.dimensions:
        yield dimension.measure, Evidence(dimension.sources, dimension.status)
    for device in tables.devices.values():
        yield from ((device.id, x) for x in device.evidence.values())
        yield from ((device.id, Evidence(x.sources, x.status)) for x in device.cautions)
    for needle in tables.needle_cautions:
        yield str(needle.needle_mm), Evidence(needle.sources, needle.status)
    for condition in tables.conditions.values():
        yield condition.id, condition.evidence
        yield from ((condition.id, Evidence(x.sources, x.status)) for x in condition.notes)
    for choices in (tables.complications, tables.signs):
        for choice in choices.values():
            yield from ((choice.id, Evidence(x.sources, x.status)) for x in choice.notes)
    for drugs in (tables.drugs, tables.fluids):
        for drug in drugs.values():
            yield from ((drug.id, x) for x in drug.evidence.values())
            yield from ((drug.id, Evidence(x.sources, x.status)) for x in drug.cautions)
            for dose_range in drug.ranges:
                yield from ((drug.id, x) for x in dose_range.evidence.values())


def test_every_fact_rests_on_known_sources_and_is_verified_only_if_one_was_read() -> None:
    tables = load_tables()
    for what, evidence in evidence_of(tables):
        standings = {tables.sources[source].standing for source in evidence.sources}
        assert evidence.status == "unverified" or "read" in standings, what


def test_what_rests_on_nothing_that_was_read_is_unverified() -> None:
    for what, evidence in evidence_of(load_tables()):
        if set(evidence.sources) & {"GK", "local"}:
            assert evidence.status == "unverified", what


def test_every_number_of_a_device_has_its_evidence() -> None:
    names = (
        "gauges",
        "needle_mm",
        "weight_min_g",
        "weight_max_g",
        "age_min_days",
        "age_max_days",
        "cleared_sites",
    )
    for device in load_tables().devices.values():
        known = {name for name in names if getattr(device, name) not in (None, ())}
        assert set(device.evidence) == known


def test_every_number_of_a_range_has_its_evidence() -> None:
    tables = load_tables()
    for drug in (*tables.drugs.values(), *tables.fluids.values()):
        for dose_range in drug.ranges:
            known = {
                field.name
                for field in fields(dose_range)
                if isinstance(getattr(dose_range, field.name), Quantity)
            }
            assert set(dose_range.evidence) == known


def test_every_source_is_used() -> None:
    used = {source for _, evidence in evidence_of(load_tables()) for source in evidence.sources}
    for file in (resources.files("codelog.clinical") / "protocols").iterdir():
        used |= set(re.findall(r'"(\w+)"', file.read_text(encoding="utf-8")))
    for section in load_codes().sections.values():
        used |= {source for codes in section.values() for code in codes for source in code.evidence.sources}
    assert set(load_tables().sources) <= used


def test_the_shipped_tables_are_read_once() -> None:
    assert load_tables() is load_tables()
