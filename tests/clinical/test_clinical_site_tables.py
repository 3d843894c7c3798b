"""A site adds to the tables and cannot change or shorten them; every fault of its files is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelog.clinical.problems import ClinicalDataError
from codelog.clinical.tables import load_tables

NEEDLE = """
[sources.our_label]
citation = "label of our needle"
standing = "read"
"""
DEVICE = """
[devices.our_needle]
label = "our needle"
route = "io"
weight_min_g = { value = 2000, source = "our_label", status = "verified" }
cleared_sites = { value = ["tibia_prox"], source = ["our_label"], status = "verified" }
"""
FLUID = '[fluids.our_fluid]\nlabel = "ours"\n'


def write(folder: Path, file: str, text: str) -> None:
    (folder / file).write_text(text, encoding="utf-8")


def message(folder: Path) -> str:
    with pytest.raises(ClinicalDataError) as caught:
        load_tables(folder)
    text = str(caught.value)
    assert "\n" not in text and text.endswith(".")
    return text.removeprefix(f"{folder}/")


def test_a_site_adds_entries_after_the_shipped_ones(tmp_path: Path) -> None:
    write(tmp_path, "sources.toml", NEEDLE)
    write(tmp_path, "devices.toml", DEVICE)
    shipped, extended = load_tables(), load_tables(tmp_path)
    assert tuple(extended.devices) == (*shipped.devices, "our_needle")
    assert extended.devices["our_needle"].weight_min_g == 2000
    assert extended.vocabulary().devices[-1] == "our_needle"
    assert extended.drugs == shipped.drugs


def test_an_empty_folder_adds_nothing(tmp_path: Path) -> None:
    assert load_tables(tmp_path) == load_tables()


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "ours")
    assert load_tables(tmp_path) == load_tables()


def test_a_site_adds_bones_sites_conditions_and_dimensions(tmp_path: Path) -> None:
    write(
        tmp_path,
        "sites.toml",
        """
        [bones.fibula]
        label = "fibula"
        limb = "leg"
        proximal = ["femur"]
        [io_sites.fibula_dist]
        label = "distal fibula"
        bone = "fibula"
        sides = ["left", "right"]
        status = { newborn = "rare", infant = "rare", child = "rare", above = "rare" }
        evidence = { source = "local", status = "unverified" }
        [[dimensions]]
        measure = "fibula"
        value = "thin"
        population = "here"
        source = "local"
        status = "unverified"
        """,
    )
    tables = load_tables(tmp_path)
    assert tables.bones["fibula"].proximal == ("femur",)
    assert tables.io_sites["fibula_dist"].bone == "fibula"
    assert tables.dimensions[-1].measure == "fibula"


def test_a_shipped_entry_cannot_be_changed(tmp_path: Path) -> None:
    write(tmp_path, "devices.toml", '[devices.ezio_15]\nlabel = "changed"\n')
    assert message(tmp_path) == (
        "devices.toml: devices.ezio_15: already shipped; a site may add an entry but not change one, "
        "so use another id."
    )


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("sites.toml", '[age_bands.teen]\nlabel = "x"\n', "age_bands: cannot be added to"),
        ("kit.toml", '[loss_reasons.stolen]\nlabel = "x"\n', "loss_reasons: cannot be added to"),
    ],
)
def test_what_is_fixed_cannot_be_added_to(tmp_path: Path, file: str, text: str, expected: str) -> None:
    write(tmp_path, file, text)
    assert message(tmp_path).startswith(f"{file}: {expected}")


def test_a_file_that_is_no_table_names_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "device.toml", DEVICE)
    assert message(tmp_path) == (
        'device.toml: not the name of a table; the nearest valid file name is "devices.toml".'
    )


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "expected a readable folder" in message(tmp_path / "absent")


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        (
            "devices.toml",
            "[device.x]\n",
            'device: unknown key; the nearest valid key is "devices".',
        ),
        (
            "devices.toml",
            '[devices.d]\nlable = "x"\n',
            'devices.d.lable: unknown key; the nearest valid key is "label".',
        ),
        (
            "devices.toml",
            '[devices.d]\nroute = "io"\n',
            "devices.d.label: missing; it has no default and must be written.",
        ),
        (
            "devices.toml",
            '[devices.d]\nlabel = "x"\nroute = "iv"\n',
            'devices.d.route: "iv" is not known; the nearest valid word is "piv".',
        ),
        (
            "devices.toml",
            '[devices.d]\nlabel = "x"\nweight_min_g = 3000\n',
            "devices.d.weight_min_g: expected a table, found 3000.",
        ),
        (
            "devices.toml",
            '[devices.d]\nlabel = "x"\nweight_min_g = { value = "3", source = "S1", status = "verified" }\n',
            'devices.d.weight_min_g.value: expected a whole number from 1 to 500000, found "3".',
        ),
        (
            "devices.toml",
            (
                '[devices.d]\nlabel = "x"\nweight_min_g = { value = 9, source = "S1", status = "verified" }\n'
                'weight_max_g = { value = 8, source = "S1", status = "verified" }\n'
            ),
            "devices.d.weight_max_g.value: expected a number not below the minimum 9, found 8.",
        ),
        (
            "devices.toml",
            (
                '[devices.d]\nlabel = "x"\n'
                'cleared_sites = { value = ["tibia_p"], source = "S1", status = "verified" }\n'
            ),
            'devices.d.cleared_sites.value: "tibia_p" is not known; the nearest valid word is "tibia_prox".',
        ),
        (
            "devices.toml",
            '[devices.d]\nlabel = "x"\nneedle_mm = { value = 15, source = "S1", status = "verified" }\n',
            "devices.d.needle_mm.value: expected a list, found 15.",
        ),
        (
            "devices.toml",
            '[devices.d]\nlabel = "x"\nneedle_mm = { value = [15], source = "S999", status = "verified" }\n',
            "devices.d.needle_mm.source: unknown source ",
        ),
        (
            "devices.toml",
            '[devices.d]\nlabel = "x"\nneedle_mm = { value = [15], source = "GK", status = "verified" }\n',
            'devices.d.needle_mm.status: expected "unverified", because no source named (GK) was',
        ),
        (
            "devices.toml",
            '[devices.d]\nlabel = ""\n',
            'devices.d.label: expected one line of text, found "".',
        ),
        ("devices.toml", "[devices.d]\nlabel = 3\n", "devices.d.label: expected text in quotes, found 3."),
        (
            "devices.toml",
            '[devices.d]\nlabel = "x"\noff_label = 1\n',
            "devices.d.off_label: expected true or false, found 1.",
        ),
        (
            "devices.toml",
            '[devices."a b"]\nlabel = "x"\n',
            'devices."a b": an id is a letter, then letters, digits and underscores.',
        ),
        (
            "sites.toml",
            '[bones.fibula]\nlabel = "x"\nlimb = "leg"\nproximal = ["humerus"]\n',
            "bones.fibula.proximal: humerus is not another bone of the limb of fibula.",
        ),
        (
            "sites.toml",
            '[bones.fibula]\nlabel = "x"\nlimb = "leg"\nproximal = ["femr"]\n',
            'bones.fibula.proximal: "femr" is not known; the nearest valid word is "femur".',
        ),
        (
            "sites.toml",
            (
                '[[dimensions]]\nmeasure = "x"\nvalue = "1 mm"\npopulation = "x"\nages = ["baby"]\n'
                'source = "local"\nstatus = "unverified"\n'
            ),
            'dimensions.1.ages: "baby" is not known; ',
        ),
        (
            "sites.toml",
            (
                '[io_sites.x]\nlabel = "x"\nbone = "tibia"\nsides = ["left"]\n'
                'status = { newborn = "rare", infant = "rare", child = "rare", above = "rare" }\n'
                'evidence = { source = "local", status = "unverified" }\n'
                '[[io_sites.x.landmarks]]\ntext = "x"\npoint = { place = "1cm" }\n'
                'source = "local"\nstatus = "unverified"\n'
            ),
            "io_sites.x.landmarks.1.point.words: missing; it has no default and must be written.",
        ),
        (
            "conditions.toml",
            (
                '[conditions.x]\nlabel = "x"\nscope = "limb"\nbone = "tibia"\n'
                'evidence = { source = "local", status = "unverified" }\n'
            ),
            'conditions.x.bone: only a condition of scope "bone" may name its bone.',
        ),
        (
            "drugs.toml",
            FLUID + '[[fluids.our_fluid.ranges]]\nroutes = "line"\nage = "newborn"\n',
            "fluids.our_fluid.ranges.1: expected at least one of min, max, usual and absolute_max.",
        ),
        (
            "drugs.toml",
            FLUID + 'flush = { value = "3 cc", source = "local", status = "unverified" }\n',
            "fluids.our_fluid.flush.value: cc is not a UCUM unit; write mL.",
        ),
        (
            "drugs.toml",
            FLUID + 'flush = { value = "3 mg", source = "local", status = "unverified" }\n',
            'fluids.our_fluid.flush.value: expected a volume, found "3 mg".',
        ),
    ],
)
def test_faults_name_file_key_and_what_would_be_right(
    tmp_path: Path, file: str, text: str, expected: str
) -> None:
    write(tmp_path, file, text)
    assert message(tmp_path).startswith(f"{file}: {expected}")


def dose_range(**figures: str) -> str:
    lines = [
        f'{key} = {{ value = "{q}", source = "local", status = "unverified" }}' for key, q in figures.items()
    ]
    return "\n".join(["[[drugs.x.ranges]]", 'routes = "line"', 'age = "newborn"', *lines, ""])


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        (dose_range(max="3 mg"), "drugs.x.ranges.1.max.value: expected a mass per kg or"),
        (dose_range(absolute_max="3 mg/kg"), "drugs.x.ranges.1.absolute_max.value: expected a mass or"),
        (dose_range(min="2 mg/kg", max="1 mg/kg"), "drugs.x.ranges.1: expected min to be at most usual"),
        (
            dose_range(min="2 ug/kg", max="1 mg/kg"),
            "drugs.x.ranges.1: expected min, usual and max in one unit.",
        ),
        (dose_range(max="1 mg/kg") * 2, "drugs.x.ranges: expected one range per route group and age"),
    ],
)
def test_limits_per_kilogram_and_for_the_patient_are_kept_apart(
    tmp_path: Path, ranges: str, expected: str
) -> None:
    write(tmp_path, "drugs.toml", '[drugs.x]\nlabel = "x"\n' + ranges)
    assert message(tmp_path).startswith(f"drugs.toml: {expected}")


def test_an_id_twice_in_one_file_names_the_line(tmp_path: Path) -> None:
    write(tmp_path, "kit.toml", '[kit.torch]\nlabel = "torch"\n[kit.torch]\nlabel = "torch"\n')
    assert message(tmp_path).startswith("kit.toml:3: not valid TOML")
