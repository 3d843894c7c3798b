"""Codes of others (SNOMED CT, LOINC, RxNorm, NEMSIS, HL7, EDQM) for what codelog records.

Not among the tables, because nothing but an export needs them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from codelog.case.quantities import Quantity
from codelog.case.vocabulary import SIDES
from codelog.clinical.evidence import EVIDENCE_KEYS, Evidence, Source, read_evidence
from codelog.clinical.tables import load_tables
from codelog.clinical.toml_table import TomlTable, parse_toml, read_bytes

SNOMED = "snomed"
"""The system that only those with a licence may send."""

SECTIONS = (
    "procedures",
    "removals",
    "outcomes",
    "sites",
    "bones",
    "sides",
    "routes",
    "infusion_routes",
    "drugs",
    "fluids",
    "observations",
    "categories",
    "encounters",
    "modes",
    "flags",
    "agents",
    "audit",
)
_FILE = "codes.toml"
_CONCENTRATIONS = ("concentration", "molar concentration")


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `system` is our short name for it, `uri` the one that others know.

    `side`, `concentration`: the code holds only where just that is recorded. `display` None: no term was read.
    """

    system: str
    uri: str
    code: str
    display: str | None
    side: str | None
    concentration: Quantity | None
    evidence: Evidence


@dataclass(frozen=True)
class Codes:
    """Every code, by section and id. `systems` maps our short names to addresses."""

    systems: Mapping[str, str]
    sections: Mapping[str, Mapping[str, tuple[Code, ...]]]

    def of(
        self, section: str, id: str | None, *, side: str | None = None, concentration: Quantity | None = None
    ) -> tuple[Code, ...]:
        """The verified codes of an entry that hold for this side and concentration; often there is none."""
        return tuple(
            code
            for code in self.sections[section].get(id or "", ())
            if code.evidence.status == "verified"
            and code.side in (None, side)
            and (code.concentration is None or _same(code.concentration, concentration))
        )

    def without(self, system: str) -> Codes:
        """The same without one system."""
        kept = {
            name: {id: tuple(c for c in codes if c.system != system) for id, codes in section.items()}
            for name, section in self.sections.items()
        }
        return dataclasses.replace(self, sections=kept)


@cache
def load_codes() -> Codes:
    """The codes that ship with the program. Raises ClinicalDataError."""
    return read_codes(read_bytes(resources.files("codelog.clinical") / _FILE, _FILE), load_tables().sources)


def read_codes(content: bytes, sources: Mapping[str, Source]) -> Codes:
    """The codes in the bytes of a file like the shipped one. Raises ClinicalDataError."""
    document = parse_toml(content, _FILE)
    document.allow("systems", *SECTIONS)
    systems = dict(document.table("systems").texts_below())
    sections = {name: _read_section(document.table(name), systems, sources) for name in SECTIONS}
    return Codes(MappingProxyType(systems), MappingProxyType(sections))


def _read_section(
    section: TomlTable, systems: Mapping[str, str], sources: Mapping[str, Source]
) -> Mapping[str, tuple[Code, ...]]:
    return {id: tuple(_read_code(row, systems, sources) for row in section.tables(id)) for id in section}


def _read_code(row: TomlTable, systems: Mapping[str, str], sources: Mapping[str, Source]) -> Code:
    row.allow("system", "code", "display", "side", "concentration", *EVIDENCE_KEYS)
    system = row.choice("system", systems)
    return Code(
        system=system,
        uri=systems[system],
        code=row.text("code"),
        display=row.text("display") if "display" in row else None,
        side=row.choice("side", SIDES) if "side" in row else None,
        concentration=row.quantity("concentration", _CONCENTRATIONS) if "concentration" in row else None,
        evidence=read_evidence(row, sources),
    )


def _same(one: Quantity, other: Quantity | None) -> bool:
    return other is not None and one.dimension == other.dimension and one.value == other.to(one.unit)
