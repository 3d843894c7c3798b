"""The shipped protocols are the table of the rules; every fault of a protocol file is one sentence."""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields
from importlib import resources
from pathlib import Path

import pytest

from codelog.clinical.problems import ClinicalDataError
from codelog.clinical.protocols import (
    DEFAULT_PROTOCOL,
    Thresholds,
    check_protocol,
    load_protocol,
    shipped_protocols,
)
from codelog.clinical.tables import load_tables

# Copied from the rules, "Protocols"; `same` means the value of the default.
PROTOCOLS = """
| parameter | `gomella` (default) | `nrp` | `pals` | `ems-2-90` | `erc-pls` |
| status | verified | unverified | unverified | unverified | unverified |
| `attempts_limit` | 3 | none | 3 | 2 | 2 |
| `seconds_limit` | 90 | none | 90 | 90 | 300 |
| `operator_rule` | true | false | false | false | false |
| `io_after_uvc` | false | true | false | false | false |
| `io_first_in_arrest` | false | false | true | false | false |
| `clock_starts` | need_or_first_attempt | same | same | same | same |
"""
SAME_IN_ALL = """`io_silence_seconds` 180, `confirm_seconds` 60, `same_bone_hours` 48,
`limb_check_minutes` 15, `dwell_warning_hours` 20, `dwell_hours` 24, `remove_after_minutes` 10,
`volume_single` 20, `volume_limit` 40"""
VERIFIED_IN_GOMELLA = {"attempts_limit", "seconds_limit", "operator_rule", "dwell_hours"}
WORDS: dict[str, object] = {"none": None, "true": True, "false": False}


def table() -> dict[str, list[str]]:
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in PROTOCOLS.strip().splitlines()]
    return {row[0].strip("`"): row[1:] for row in rows}


def shipped_bytes(name: str) -> bytes:
    return (resources.files("codelog.clinical") / "protocols" / f"{name}.toml").read_bytes()


def changed(old: str, new: str) -> bytes:
    """The default protocol with one place changed."""
    text = shipped_bytes(DEFAULT_PROTOCOL).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def problems(content: bytes) -> list[str]:
    found = [str(problem) for problem in check_protocol(content, "site.toml")]
    assert all("\n" not in text and text.endswith(".") for text in found)
    return found


def test_the_shipped_protocols_are_those_of_the_rules_default_first() -> None:
    assert shipped_protocols() == [re.findall(r"[a-z0-9-]+", cell)[0] for cell in table()["parameter"]]
    assert shipped_protocols()[0] == DEFAULT_PROTOCOL
    files = {file.name for file in (resources.files("codelog.clinical") / "protocols").iterdir()}
    assert files == {f"{name}.toml" for name in shipped_protocols()}


@pytest.mark.parametrize("column", range(5))
def test_parameters_are_the_table_of_the_rules(column: int) -> None:
    protocol = load_protocol(shipped_protocols()[column])
    rows = table()
    assert protocol.status == rows.pop("status")[column]
    rows.pop("parameter")
    expected: dict[str, object] = {}
    for name, cells in rows.items():
        cell = cells[0] if cells[column] == "same" else cells[column]
        expected[name] = int(cell) if cell.isdigit() else WORDS.get(cell, cell)
    expected |= {name: int(value) for name, value in re.findall(r"`(\w+)` (\d+)", SAME_IN_ALL)}
    thresholds = {f.name: getattr(protocol.thresholds, f.name) for f in fields(Thresholds)}
    assert thresholds == expected
    assert {name: parameter.value for name, parameter in protocol.parameters.items()} == expected


@pytest.mark.parametrize("name", shipped_protocols())
def test_identity_and_digest(name: str) -> None:
    protocol = load_protocol(name)
    assert (protocol.id, protocol.version) == (name, "1")
    assert protocol.digest == hashlib.sha256(shipped_bytes(name)).hexdigest()
    assert protocol.title and protocol.ages and protocol.settings


@pytest.mark.parametrize("name", shipped_protocols())
def test_every_number_has_a_source_and_says_whether_it_was_read(name: str) -> None:
    assert shipped_bytes(name).count(b"\nstatus = ") == 1 + len(fields(Thresholds))
    citations = {source.citation for source in load_tables().sources.values()}
    for parameter in load_protocol(name).sources.values():
        assert set(parameter.split("; ")) <= citations


def test_gomella_is_verified_where_the_chapter_speaks_and_local_elsewhere() -> None:
    protocol = load_protocol("gomella")
    verified = {name for name, parameter in protocol.parameters.items() if parameter.status == "verified"}
    assert verified == VERIFIED_IN_GOMELLA
    local = load_tables().sources["local"].citation
    assert all(local in protocol.sources[name] for name in set(protocol.parameters) - verified)


def test_a_file_is_read_by_its_path_and_may_use_words_as_source(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_bytes(
        changed(
            'value = 90\nsource = "S1"\nstatus = "verified"',
            'value = 60\nsource = "Guideline 7 of our unit, 2026"\napproved_by = "Dr. Who"',
        )
    )
    protocol = load_protocol(path)
    assert load_protocol(str(path)) == protocol
    assert protocol.thresholds.seconds_limit == 60
    assert protocol.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    parameter = protocol.parameters["seconds_limit"]
    assert (parameter.source, parameter.status) == ("Guideline 7 of our unit, 2026", "verified")
    assert parameter.approved_by == "Dr. Who"


def test_a_number_without_status_has_that_of_the_protocol_unless_local() -> None:
    bare = shipped_bytes(DEFAULT_PROTOCOL).replace(b'"\nstatus = "verified"\n\n', b'"\n\n')
    assert bare != shipped_bytes(DEFAULT_PROTOCOL)
    assert problems(bare) == []
    assert problems(changed('source = "local"\nstatus = "unverified"', 'source = "local"')) == []


@pytest.mark.parametrize("name", shipped_protocols())
def test_the_shipped_files_have_no_problems(name: str) -> None:
    assert problems(shipped_bytes(name)) == []


WHOLE_OR_NONE = 'expected a whole number from 1 to 3600 or "none", found'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("value = 90", "value = true", f"parameters.seconds_limit.value: {WHOLE_OR_NONE} true."),
        ("value = 90", "value = -90", f"parameters.seconds_limit.value: {WHOLE_OR_NONE} -90."),
        ("value = 90", "value = 0", f"parameters.seconds_limit.value: {WHOLE_OR_NONE} 0."),
        ("value = 90", "value = 90.0", f"parameters.seconds_limit.value: {WHOLE_OR_NONE} 90.0."),
        ("value = 90", 'value = "90"', f'parameters.seconds_limit.value: {WHOLE_OR_NONE} "90".'),
        ("value = 90", 'value = "None"', f'parameters.seconds_limit.value: {WHOLE_OR_NONE} "None".'),
        ("value = 90", "value = 3601", f"parameters.seconds_limit.value: {WHOLE_OR_NONE} 3601."),
        (
            "value = 90",
            "value = 2026-11-22",
            f'parameters.seconds_limit.value: {WHOLE_OR_NONE} "2026-11-22".',
        ),
        (
            "value = 90",
            "value = 0x" + "f" * 5000,
            f"parameters.seconds_limit.value: {WHOLE_OR_NONE} a number beyond all bounds.",
        ),
        (
            "value = 180",
            'value = "none"',
            'parameters.io_silence_seconds.value: expected a whole number from 1 to 3600, found "none".',
        ),
        ("value = true", "value = 1", "parameters.operator_rule.value: expected true or false, found 1."),
        (
            '"need_or_first_attempt"',
            '"need_or_attempt"',
            (
                'parameters.clock_starts.value: "need_or_attempt" is not known; '
                'the nearest valid word is "need_or_first_attempt".'
            ),
        ),
        (
            "value = 90\n",
            "value = 90\nvalu = 90\n",
            'parameters.seconds_limit.valu: unknown key; the nearest valid key is "value".',
        ),
        (
            'value = 90\nsource = "S1"\n',
            "value = 90\n",
            "parameters.seconds_limit.source: missing; it has no default and must be written.",
        ),
        (
            'value = 90\nsource = "S1"\n',
            'value = 90\nsource = "S1O"\n',
            'parameters.seconds_limit.source: unknown source "S1O"; the nearest valid source is ',
        ),
        (
            'value = 90\nsource = "S1"\n',
            'value = 90\nsource = ["GK", "S3"]\n',
            (
                'parameters.seconds_limit.status: expected "unverified", '
                "because no source named (GK, S3) was itself read."
            ),
        ),
        (
            'value = 90\nsource = "S1"\nstatus = "verified"',
            'value = 90\nsource = "S1"\nstatus = "unverified"',
            (
                'parameters.seconds_limit.status: expected "verified" like the protocol, '
                'unless the source is "local".'
            ),
        ),
        (
            'source = "local"\nstatus = "unverified"',
            'source = "local"\nstatus = "verified"',
            (
                'parameters.io_after_uvc.status: expected "unverified", '
                "because no source named (local) was itself read."
            ),
        ),
        (
            'status = "verified"\nages',
            'status = "checked"\nages',
            'status: "checked" is not known; valid here: verified, unverified.',
        ),
        ('ages = ["newborn"]', "ages = []", "ages: expected at least one entry, found an empty list."),
        (
            'ages = ["newborn"]',
            'ages = ["newborns"]',
            'ages: "newborns" is not known; the nearest valid word is "newborn".',
        ),
        (
            'ages = ["newborn"]',
            'ages = ["newborn", "newborn"]',
            "ages: expected each entry once, found one twice.",
        ),
        ('"nicu"', '"picu"', 'settings: "picu" is not known; the nearest valid word is "nicu".'),
        ('version = "1"', "version = 1", "version: expected text in quotes, found 1."),
        ('version = "1"\n', "", "version: missing; it has no default and must be written."),
        (
            'id = "gomella"',
            'id = "Our Unit"',
            'id: expected lower-case letters and digits joined by hyphens, found "Our Unit".',
        ),
        ('version = "1"', 'version = "1"\nextra = 1', "extra: unknown key; "),
        (
            "value = 20\n",
            "value = 25\n",
            "parameters.dwell_warning_hours.value: expected at most the 24 of dwell_hours, found 25.",
        ),
        (
            "value = 40\n",
            "value = 19\n",
            "parameters.volume_single.value: expected at most the 19 of volume_limit, found 20.",
        ),
    ],
)
def test_one_fault_is_one_sentence_with_file_key_and_remedy(
    old: str, new: str, expected: str, tmp_path: Path
) -> None:
    content = changed(old, new)
    (found,) = problems(content)
    assert found.startswith(f"site.toml: {expected}")
    path = tmp_path / "site.toml"
    path.write_bytes(content)
    with pytest.raises(ClinicalDataError) as caught:
        load_protocol(path)
    assert str(caught.value) == f"{tmp_path}/{found}"


def test_none_is_a_limit_that_does_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(changed("value = 90", 'value = "none"'))
    assert load_protocol(path).thresholds.seconds_limit is None


@pytest.mark.parametrize("name", [field.name for field in fields(Thresholds)])
def test_a_missing_parameter_is_an_error_not_a_default(name: str) -> None:
    text = shipped_bytes(DEFAULT_PROTOCOL).decode()
    without = re.sub(rf"\[parameters\.{name}\]\n(?:[^\[\n].*\n)*", "", text)
    assert without != text
    assert problems(without.encode()) == [
        f"site.toml: parameters.{name}: missing; it has no default and must be written."
    ]


def test_a_misspelt_parameter_names_the_nearest_and_what_is_then_missing() -> None:
    assert problems(changed("[parameters.seconds_limit]", "[parameters.seconds_limt]")) == [
        'site.toml: parameters.seconds_limt: unknown key; the nearest valid key is "seconds_limit".',
        "site.toml: parameters.seconds_limit: missing; it has no default and must be written.",
    ]


def test_all_faults_are_found_together() -> None:
    content = changed("value = 90", "value = true").replace(b"value = 180", b"value = 0")
    assert len(problems(content.replace(b'title = "', b'titel = "'))) == 4


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'id = "x"\nversion = \n', "site.toml:2: not valid TOML: Invalid value."),
        (b'id = "x"\nid = "y"\n', "site.toml:2: not valid TOML: Cannot overwrite a value."),
        (b'id = "x"\ntitle = ', "site.toml:2: not valid TOML: Invalid value."),
        (b'id = "x', "site.toml:1: not valid TOML: Unterminated string."),
        (b'id = "x"\ntitle = "\xff"\n', "site.toml:2: expected UTF-8 text, found other bytes."),
        (b"id = " + b"[" * 5000, "site.toml: nested too deeply to be read as TOML."),
        (b"parameters = 3\n", "site.toml: parameters: expected a table, found 3."),
    ],
)
def test_files_that_are_no_protocol_at_all(content: bytes, expected: str) -> None:
    assert expected in problems(content)


def test_an_empty_file_lacks_everything() -> None:
    assert problems(b"")[0] == "site.toml: id: missing; it has no default and must be written."


def failure(name: str | Path) -> str:
    with pytest.raises(ClinicalDataError) as caught:
        load_protocol(name)
    return str(caught.value)


def test_an_unknown_id_names_the_nearest() -> None:
    assert failure("gomela") == (
        'gomela: neither the id of a shipped protocol nor a file; the nearest valid id is "gomella".'
    )


def test_what_is_not_a_readable_file(tmp_path: Path) -> None:
    absent = tmp_path / "absent.toml"
    assert failure(absent) == f"{absent}: there is no such file."
    assert failure(str(tmp_path)) == f"{tmp_path}: expected a file, found a folder."
    assert failure("a\0.toml").endswith("cannot be read (embedded null byte).")
    assert failure(absent / ("x" * 5000)).endswith("cannot be read (File name too long).")
