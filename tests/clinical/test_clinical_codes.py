"""The codes are those of the page on standards, each with its source; an invented one does not get in."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from codelog.case.quantities import Quantity
from codelog.clinical.codes import SECTIONS, SNOMED, Code, load_codes, read_codes
from codelog.clinical.problems import ClinicalDataError
from codelog.clinical.tables import load_tables
from tests.fhir.judges import verhoeff

CONTENT = (resources.files("codelog.clinical") / "codes.toml").read_text(encoding="utf-8")
CODES = load_codes()
TABLES = load_tables()

# Copied from the page on standards: NEMSIS, by site, left and right, or one code for both.
NEMSIS = """
| `tibia_prox` | 3913047 | 3913049 |
| `tibia_dist` | 3913041 | 3913045 |
| `femur_dist` | 3913033 | 3913035 |
| `humerus_prox` | 3913037 | 3913039 |
| `iliac_crest` | 3913029 | 3913031 |
| `antecubital` | 3913001 | 3913003 |
| `hand` | 3913021 | 3913023 |
| `foot` | 3913015 | 3913013 |
| `forearm` | 3913017 | 3913019 |
| `femoral_vein` | 3913009 | 3913011 |
| `external_jugular` | 3913005 | 3913007 |
| `sternum_manubrium` | 3913043 | 3913043 |
| `umbilical_vein` | 3913065 | 3913065 |
| `scalp` | 3913059 | 3913059 |
| `wrist` `ankle` | 3913055 | 3913055 |
| `internal_jugular` `subclavian` | 3913057 | 3913057 |
"""
SNOMED_SITES = """
`tibia_prox` 20285007 `tibia_dist` 64605006 `femur_dist` 310652005 `humerus_prox` 119524001
`sternum_manubrium` 37285002 `iliac_crest` 29850006 `calcaneus` 80144004 `umbilical_vein` 367567000
`antecubital` 128553008 `external_jugular` 71585003 `internal_jugular` 12123001 `femoral_vein` 83419000
`subclavian` 9454009 `scalp` 41695006 `hand` 85562004 `foot` 56459004 `forearm` 14975008 `wrist` 8205005
"""


def every_code() -> list[Code]:
    return [code for section in CODES.sections.values() for codes in section.values() for code in codes]


def of_system(section: str, id: str, system: str, side: str | None = None) -> list[str]:
    return [code.code for code in CODES.of(section, id, side=side) if code.system == system]


def test_every_snomed_id_has_its_check_digit() -> None:
    ids = [code.code for code in every_code() if code.system == SNOMED]
    assert len(ids) > 40
    assert [id for id in ids if not verhoeff(id)] == []


@pytest.mark.parametrize(
    ("system", "form"),
    [("loinc", r"\d{4,5}-\d"), ("rxnorm", r"\d{3,7}"), ("nemsis", r"(39|99)\d{5}"), ("edqm", r"\d{8}")],
)
def test_every_code_has_the_form_of_its_system(system: str, form: str) -> None:
    codes = [code.code for code in every_code() if code.system == system]
    assert codes
    assert [code for code in codes if not re.fullmatch(form, code)] == []


def test_nemsis_sites_by_side() -> None:
    for row in NEMSIS.strip().splitlines():
        names, left, right = [cell.strip() for cell in row.strip("|").split("|")]
        for site in re.findall(r"`(\w+)`", names):
            assert of_system("sites", site, "nemsis", "left") == [left], site
            assert of_system("sites", site, "nemsis", "right") == [right], site
            assert of_system("sites", site, "nemsis") == ([left] if left == right else []), site


def test_snomed_sites() -> None:
    expected = dict(re.findall(r"`(\w+)` (\d+)", SNOMED_SITES))
    found = {site: of_system("sites", site, SNOMED) for site in CODES.sections["sites"]}
    assert {site: ids[0] for site, ids in found.items() if ids} == expected


def test_yes_and_no_of_nemsis_are_not_inverted() -> None:
    assert of_system("outcomes", "established", "nemsis") == ["9923003"]
    assert of_system("outcomes", "failed", "nemsis") == ["9923001"]
    assert of_system("outcomes", "abandoned", "nemsis") == ["9923001"]


@pytest.mark.parametrize(
    ("concentration", "code"),
    [("0.1 mg/mL", ["317361"]), ("1 mg/mL", ["328316"]), ("10 mg/mL", []), (None, [])],
)
def test_adrenaline_has_a_code_at_its_two_strengths_only(concentration: str | None, code: list[str]) -> None:
    recorded = None if concentration is None else Quantity.parse(concentration)
    assert [each.code for each in CODES.of("drugs", "adrenaline", concentration=recorded)] == code


def test_a_molar_concentration_is_no_strength_of_adrenaline() -> None:
    assert CODES.of("drugs", "adrenaline", concentration=Quantity.parse("0.1 mmol/mL")) == ()


def test_what_is_not_verified_is_never_handed_out() -> None:
    unverified = {code.code for code in every_code() if code.evidence.status == "unverified"}
    assert unverified == {"42550007", "59408-5", "443849008"}
    handed_out = {
        code.code
        for name, section in CODES.sections.items()
        for id in section
        for side in (None, "left", "right")
        for code in CODES.of(name, id, side=side)
    }
    assert not unverified & handed_out


def test_nothing_says_intraocular() -> None:
    assert not any("0162" in uri for uri in CODES.systems.values())
    assert "IO" not in {code.code for code in every_code()}


def test_every_id_is_one_that_the_tables_know() -> None:
    assert CODES.sections["sites"].keys() <= TABLES.vein_sites.keys() | TABLES.io_sites.keys()
    assert CODES.sections["bones"].keys() <= TABLES.bones.keys()
    assert CODES.sections["drugs"].keys() <= TABLES.drugs.keys()
    assert CODES.sections["fluids"].keys() <= TABLES.fluids.keys()


def test_without_a_system_only_that_system_is_gone() -> None:
    bare = CODES.without(SNOMED)
    assert of_system("sites", "tibia_prox", SNOMED) == ["20285007"]
    assert [code.system for code in bare.of("sites", "tibia_prox", side="left")] == ["nemsis"]
    assert bare.of("procedures", "io") == ()


ROW = 'io = [{ system = "snomed", code = "430824005", display = "Intraosseous cannulation", source = "NEMSIS", status = "verified" }]'


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            ROW.replace('"snomed"', '"snomd"'),
            'codes.toml: procedures.io.1.system: "snomd" is not known; the nearest valid word is "snomed".',
        ),
        (
            ROW.replace('"NEMSIS"', '"NEMSYS"'),
            'codes.toml: procedures.io.1.source: unknown source "NEMSYS"; the nearest valid source is "NEMSIS".',
        ),
        (ROW.replace('"NEMSIS"', '"GK"'), "because no source named (GK) was itself read"),
        (ROW.replace("code =", "cod ="), "unknown key"),
        (ROW.replace('"430824005"', "430824005"), "expected text in quotes, found 430824005"),
        (ROW.replace("code =", 'side = "up", code ='), '"up" is not known'),
        (ROW.replace("code =", 'concentration = "1 mcg/mL", code ='), "write ug/mL"),
        ('io = "430824005"', "expected a list"),
    ],
)
def test_a_fault_in_the_file_is_one_sentence(row: str, problem: str) -> None:
    assert ROW in CONTENT
    with pytest.raises(ClinicalDataError) as told:
        read_codes(CONTENT.replace(ROW, row).encode(), TABLES.sources)
    assert problem in str(told.value)
    assert str(told.value).startswith("codes.toml: procedures.io")


@pytest.mark.parametrize("section", SECTIONS)
def test_no_section_may_be_left_out(section: str) -> None:
    content = CONTENT.replace(f"\n[{section}]\n", f"\n[{section}_gone]\n")
    assert content != CONTENT
    with pytest.raises(ClinicalDataError):
        read_codes(content.encode(), TABLES.sources)
