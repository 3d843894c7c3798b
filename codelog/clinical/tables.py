"""The clinical tables: what ships with the program, and what a site adds to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from codelog.case.vocabulary import Vocabulary
from codelog.clinical.entries import (
    AgeBand,
    Bone,
    Choice,
    Condition,
    Device,
    Dimension,
    DoseAge,
    Drug,
    FailureReason,
    IoSite,
    NeedleCaution,
)
from codelog.clinical.evidence import Source, read_source
from codelog.clinical.problems import ClinicalDataError, Problem, valid_instead
from codelog.clinical.reading import (
    check_proximal,
    read_age_band,
    read_bone,
    read_choice,
    read_condition,
    read_device,
    read_dimension,
    read_drug,
    read_failure_reason,
    read_io_site,
    read_needle_caution,
)
from codelog.clinical.toml_table import TomlTable, parse_toml, read_bytes

_Entry = TypeVar("_Entry")

_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "sources.toml": ("sources",),
    "sites.toml": ("age_bands", "bones", "vein_sites", "io_sites", "dimensions"),
    "devices.toml": ("devices", "needle_cautions"),
    "conditions.toml": ("conditions",),
    "complications.toml": ("complications",),
    "drugs.toml": ("drugs", "fluids"),
    "kit.toml": ("kit", "signs", "failure_reasons", "loss_reasons", "findings"),
}
_FIXED = {
    "age_bands": "the site table is written by these bands",
    "loss_reasons": "the log format fixes them",
}


@dataclass(frozen=True, slots=True)
class Tables:
    """Every table, by id, each in the order of its file, a site's own entries last."""

    sources: Mapping[str, Source]
    age_bands: Mapping[str, AgeBand]
    bones: Mapping[str, Bone]
    vein_sites: Mapping[str, Choice]
    io_sites: Mapping[str, IoSite]
    dimensions: tuple[Dimension, ...]
    devices: Mapping[str, Device]
    needle_cautions: tuple[NeedleCaution, ...]
    conditions: Mapping[str, Condition]
    complications: Mapping[str, Choice]
    drugs: Mapping[str, Drug]
    fluids: Mapping[str, Drug]
    kit: Mapping[str, Choice]
    signs: Mapping[str, Choice]
    failure_reasons: Mapping[str, FailureReason]
    loss_reasons: Mapping[str, Choice]
    findings: Mapping[str, Choice]

    def vocabulary(self) -> Vocabulary:
        """The ids a log may use."""
        return Vocabulary(
            vein_sites=tuple(self.vein_sites),
            io_sites=tuple(self.io_sites),
            bones=tuple(self.bones),
            devices=tuple(self.devices),
            conditions=tuple(self.conditions),
            complications=tuple(self.complications),
            drugs=tuple(self.drugs),
            fluids=tuple(self.fluids),
            kit=tuple(self.kit),
            signs=tuple(self.signs),
        )

    def age_band(self, age_days: int) -> str:
        """The id of the band an age falls in; ValueError for a negative age."""
        if age_days < 0:
            raise ValueError(f"an age is 0 days or more, not {age_days}")
        return next(b.id for b in self.age_bands.values() if b.below_days is None or age_days < b.below_days)

    def dose_age(self, age_days: int) -> DoseAge:
        """The age group under which dose ranges are kept."""
        return "newborn" if self.age_band(age_days) == "newborn" else "older"

    def failure_reasons_for(self, route: str) -> tuple[FailureReason, ...]:
        """The reasons suggested when an attempt by this route ends without access."""
        return tuple(reason for reason in self.failure_reasons.values() if route in reason.routes)

    def citations(self, sources: tuple[str, ...]) -> str:
        """Sources as one text for people; a reference in words of its own stands as it is."""
        return "; ".join(
            self.sources[source].citation if source in self.sources else source for source in sources
        )


def load_tables(extra: Path | None = None) -> Tables:
    """The shipped tables, with what the folder `extra` of a site adds in files of the same names.

    A site's file may add entries and never change or remove a shipped one. Raises ClinicalDataError.
    """
    return _shipped() if extra is None else _read(_Documents(extra))


@cache
def _shipped() -> Tables:
    return _read(_Documents(None))


class _Documents:
    """The sections of the shipped files, each followed by that of the site's file, if there is one."""

    def __init__(self, extra: Path | None) -> None:
        self._sections: dict[str, list[TomlTable]] = {}
        shipped = resources.files("codelog.clinical")
        for name, sections in _SECTIONS.items():
            document = _document(shipped / name, name)
            document.allow(*sections)
            self._add(document, sections)
        for path in _site_files(extra) if extra is not None else ():
            document = _document(path, str(path))
            document.allow(*_SECTIONS[path.name])
            for section, why in _FIXED.items():
                if section in document:
                    raise document.error(f"cannot be added to, because {why}", section)
            self._add(document, _SECTIONS[path.name])

    def tables(self, section: str) -> list[TomlTable]:
        """The tables of a section that is a list."""
        return [table for document in self._sections[section] for table in document.tables(section)]

    def entries(self, section: str) -> dict[str, TomlTable]:
        """The tables of a section by id, each id once."""
        found: dict[str, TomlTable] = {}
        for document in self._sections[section]:
            for id, table in document.table(section).children():
                if id in found:
                    raise table.error(
                        "already shipped; a site may add an entry but not change one, so use another id"
                    )
                found[id] = table
        return found

    def read(self, section: str, reader: Callable[[str, TomlTable], _Entry]) -> Mapping[str, _Entry]:
        """The entries of a section, each read by `reader`."""
        return MappingProxyType({id: reader(id, table) for id, table in self.entries(section).items()})

    def _add(self, document: TomlTable, sections: tuple[str, ...]) -> None:
        for section in sections:
            if section in document:
                self._sections.setdefault(section, []).append(document)


def _document(path: Traversable, name: str) -> TomlTable:
    return parse_toml(read_bytes(path, name), name)


def _site_files(extra: Path) -> list[Path]:
    try:
        paths = sorted(path for path in extra.iterdir() if path.suffix == ".toml")
    except OSError as error:
        text = f"expected a readable folder with the site's tables ({error.strerror})"
        raise ClinicalDataError(Problem(str(extra), "", text)) from None
    for path in paths:
        if path.name not in _SECTIONS:
            instead = valid_instead(path.name, "file name", _SECTIONS)
            raise ClinicalDataError(Problem(str(path), "", f"not the name of a table; {instead}"))
    return paths


def _read(documents: _Documents) -> Tables:
    sources = documents.read("sources", read_source)

    def choice(id: str, table: TomlTable) -> Choice:
        return read_choice(id, table, sources)

    def drug(id: str, table: TomlTable) -> Drug:
        return read_drug(id, table, sources)

    age_bands = documents.read("age_bands", read_age_band)
    bones = documents.read("bones", read_bone)
    for id, table in documents.entries("bones").items():
        check_proximal(table, bones[id], bones)
    io_sites = documents.read(
        "io_sites", lambda id, table: read_io_site(id, table, bones, age_bands, sources)
    )
    return Tables(
        sources=sources,
        age_bands=age_bands,
        bones=bones,
        vein_sites=documents.read("vein_sites", choice),
        io_sites=io_sites,
        dimensions=tuple(
            read_dimension(table, bones, age_bands, sources) for table in documents.tables("dimensions")
        ),
        devices=documents.read("devices", lambda id, table: read_device(id, table, io_sites, sources)),
        needle_cautions=tuple(
            read_needle_caution(table, bones, sources) for table in documents.tables("needle_cautions")
        ),
        conditions=documents.read("conditions", lambda id, table: read_condition(id, table, bones, sources)),
        complications=documents.read("complications", choice),
        drugs=documents.read("drugs", drug),
        fluids=documents.read("fluids", drug),
        kit=documents.read("kit", choice),
        signs=documents.read("signs", choice),
        failure_reasons=documents.read("failure_reasons", read_failure_reason),
        loss_reasons=documents.read("loss_reasons", choice),
        findings=documents.read("findings", choice),
    )
