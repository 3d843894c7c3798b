"""From a checked TOML table to an entry: one function per sort of entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from codelog.case.quantities import Quantity
from codelog.case.vocabulary import ACCESS_ROUTES, SIDES
from codelog.clinical.entries import (
    DOSE_AGES,
    LIMBS,
    PREFERENCES,
    ROUTE_GROUPS,
    SCOPES,
    AgeBand,
    Bone,
    Choice,
    Condition,
    Device,
    Dimension,
    DoseRange,
    Drug,
    FailureReason,
    IoSite,
    Landmark,
    NeedleCaution,
    Point,
    Statement,
)
from codelog.clinical.evidence import EVIDENCE_KEYS, Evidence, Source, read_evidence
from codelog.clinical.toml_table import TomlTable

_DAYS = 55_000
_GRAMS = 500_000
_MILLIMETRES = 200
_PER_KG = (
    "mass per kg",
    "volume per kg",
    "substance per kg",
    "equivalents per kg",
    "dose rate per kg",
    "flow per kg",
)
_CONCENTRATION = ("concentration", "molar concentration")
_ABSOLUTE = ("mass", "volume", "substance", "equivalents")

Sources = Mapping[str, Source]


class CitedFields:
    """Reads optional fields written `{ value, source, status }` and keeps the evidence of each by name."""

    def __init__(self, table: TomlTable, sources: Sources) -> None:
        self._table = table
        self._sources = sources
        self._evidence: dict[str, Evidence] = {}

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """The evidence of the fields read so far."""
        return MappingProxyType(self._evidence)

    def whole(self, key: str, least: int, most: int) -> int | None:
        field = self._field(key)
        return None if field is None else field.whole("value", least, most)

    def wholes(self, key: str, least: int, most: int) -> tuple[int, ...]:
        field = self._field(key)
        return () if field is None else field.wholes("value", least, most)

    def texts(self, key: str) -> tuple[str, ...]:
        field = self._field(key)
        return () if field is None else field.texts("value")

    def choices(self, key: str, allowed: Collection[str]) -> tuple[str, ...] | None:
        field = self._field(key)
        return None if field is None else field.choices("value", allowed)

    def quantity(self, key: str, dimensions: Collection[str]) -> Quantity | None:
        field = self._field(key)
        return None if field is None else field.quantity("value", dimensions)

    def quantities(self, key: str, dimensions: Collection[str]) -> tuple[Quantity, ...]:
        field = self._field(key)
        return () if field is None else field.quantities("value", dimensions)

    def _field(self, key: str) -> TomlTable | None:
        if key not in self._table:
            return None
        field = self._table.table(key)
        field.allow("value", *EVIDENCE_KEYS)
        self._evidence[key] = read_evidence(field, self._sources)
        return field


def read_choice(id: str, table: TomlTable, sources: Sources) -> Choice:
    """An entry with a label and perhaps notes."""
    table.allow("label", "notes")
    return Choice(id, table.text("label"), _statements(table, "notes", sources))


def read_failure_reason(id: str, table: TomlTable) -> FailureReason:
    """A suggested reason, with the routes it is offered for."""
    table.allow("label", "routes")
    return FailureReason(id, table.text("label"), table.choices("routes", ACCESS_ROUTES))


def read_age_band(id: str, table: TomlTable) -> AgeBand:
    """An age band; without `below_days` it has no end."""
    table.allow("label", "below_days")
    below = table.whole("below_days", 1, _DAYS) if "below_days" in table else None
    return AgeBand(id, table.text("label"), below)


def read_bone(id: str, table: TomlTable) -> Bone:
    """A bone; whether the proximal bones exist is checked when all are read."""
    table.allow("label", "limb", "proximal")
    return Bone(
        id=id,
        label=table.text("label"),
        limb=table.choice("limb", LIMBS) if "limb" in table else None,
        proximal=table.texts("proximal") if "proximal" in table else (),
    )


def check_proximal(table: TomlTable, bone: Bone, bones: Mapping[str, Bone]) -> None:
    """The bones proximal to a bone must exist and be others on the same limb."""
    if not bone.proximal:
        return
    for other in table.choices("proximal", bones):
        if bone.limb is None or other == bone.id or bones[other].limb != bone.limb:
            raise table.error(f"{other} is not another bone of the limb of {bone.id}", "proximal")


def read_io_site(
    id: str, table: TomlTable, bones: Collection[str], bands: Collection[str], sources: Sources
) -> IoSite:
    """An intraosseous site with its standing for every age band."""
    table.allow("label", "bone", "sides", "status", "evidence", "landmarks")
    status = table.table("status")
    status.allow(*bands)
    evidence = table.table("evidence")
    evidence.allow(*EVIDENCE_KEYS)
    return IoSite(
        id=id,
        label=table.text("label"),
        bone=table.choice("bone", bones),
        sides=table.choices("sides", SIDES),
        status=MappingProxyType({band: status.choice(band, PREFERENCES) for band in bands}),
        evidence=read_evidence(evidence, sources),
        landmarks=tuple(_landmark(item, bands, sources) for item in table.tables("landmarks")),
    )


def read_dimension(
    table: TomlTable, bones: Collection[str], bands: Collection[str], sources: Sources
) -> Dimension:
    """A published measurement; without `ages` it is for all, without `bone` of no one bone."""
    table.allow("measure", "value", "population", "bone", "ages", *EVIDENCE_KEYS)
    evidence = read_evidence(table, sources)
    return Dimension(
        measure=table.text("measure"),
        value=table.text("value"),
        population=table.text("population"),
        bone=table.choice("bone", bones) if "bone" in table else None,
        ages=_ages(table, bands),
        sources=evidence.sources,
        status=evidence.status,
    )


def read_needle_caution(table: TomlTable, bones: Collection[str], sources: Sources) -> NeedleCaution:
    """A needle length that draws a caution in a bone up to an age."""
    table.allow("needle_mm", "bone", "age_max_days", *EVIDENCE_KEYS)
    evidence = read_evidence(table, sources)
    return NeedleCaution(
        needle_mm=table.whole("needle_mm", 1, _MILLIMETRES),
        bone=table.choice("bone", bones),
        age_max_days=table.whole("age_max_days", 0, _DAYS),
        sources=evidence.sources,
        status=evidence.status,
    )


def read_device(id: str, table: TomlTable, io_sites: Collection[str], sources: Sources) -> Device:
    """A device; whatever its label does not say is left out of the file and stays unknown."""
    table.allow(
        "label",
        "route",
        "maker",
        "off_label",
        "gauges",
        "needle_mm",
        "weight_min_g",
        "weight_max_g",
        "age_min_days",
        "age_max_days",
        "cleared_sites",
        "cautions",
    )
    cited = CitedFields(table, sources)
    device = Device(
        id=id,
        label=table.text("label"),
        route=table.choice("route", ACCESS_ROUTES) if "route" in table else None,
        maker=table.text("maker") if "maker" in table else None,
        off_label=table.boolean("off_label") if "off_label" in table else False,
        gauges=cited.texts("gauges"),
        needle_mm=cited.wholes("needle_mm", 1, _MILLIMETRES),
        weight_min_g=cited.whole("weight_min_g", 1, _GRAMS),
        weight_max_g=cited.whole("weight_max_g", 1, _GRAMS),
        age_min_days=cited.whole("age_min_days", 0, _DAYS),
        age_max_days=cited.whole("age_max_days", 0, _DAYS),
        cleared_sites=cited.choices("cleared_sites", io_sites),
        cautions=_statements(table, "cautions", sources),
        evidence=cited.evidence,
    )
    _check_order(table, "weight_max_g", device.weight_min_g, device.weight_max_g)
    _check_order(table, "age_max_days", device.age_min_days, device.age_max_days)
    return device


def read_condition(id: str, table: TomlTable, bones: Collection[str], sources: Sources) -> Condition:
    """A condition; only one that concerns a bone may name the bone it always concerns."""
    table.allow("label", "scope", "evidence", "bone", "notes")
    evidence = table.table("evidence")
    evidence.allow(*EVIDENCE_KEYS)
    scope = table.choice("scope", SCOPES)
    if "bone" in table and scope != "bone":
        raise table.error('only a condition of scope "bone" may name its bone', "bone")
    return Condition(
        id=id,
        label=table.text("label"),
        scope=scope,
        bone=table.choice("bone", bones) if "bone" in table else None,
        evidence=read_evidence(evidence, sources),
        notes=_statements(table, "notes", sources),
    )


def read_drug(id: str, table: TomlTable, sources: Sources) -> Drug:
    """A drug or a fluid with its ranges, at most one per group of routes and age."""
    table.allow(
        "label",
        "standard_concentration",
        "other_concentrations",
        "flush",
        "repeat_from",
        "repeat_by",
        "tracheal_dose_by_line",
        "ranges",
        "cautions",
    )
    cited = CitedFields(table, sources)
    drug = Drug(
        id=id,
        label=table.text("label"),
        standard_concentration=cited.quantity("standard_concentration", _CONCENTRATION),
        other_concentrations=cited.quantities("other_concentrations", _CONCENTRATION),
        flush=cited.quantity("flush", ("volume",)),
        repeat_from=cited.quantity("repeat_from", ("time",)),
        repeat_by=cited.quantity("repeat_by", ("time",)),
        tracheal_dose_by_line=cited.quantity("tracheal_dose_by_line", _PER_KG),
        ranges=tuple(_dose_range(item, sources) for item in table.tables("ranges")),
        cautions=_statements(table, "cautions", sources),
        evidence=cited.evidence,
    )
    keys = [(dose_range.route_group, dose_range.age) for dose_range in drug.ranges]
    if len(set(keys)) < len(keys):
        raise table.error("expected one range per route group and age, found two for the same", "ranges")
    return drug


def _dose_range(table: TomlTable, sources: Sources) -> DoseRange:
    table.allow("routes", "age", "min", "max", "usual", "absolute_max")
    cited = CitedFields(table, sources)
    dose_range = DoseRange(
        route_group=table.choice("routes", tuple(dict.fromkeys(ROUTE_GROUPS.values()))),
        age=table.choice("age", DOSE_AGES),
        min=cited.quantity("min", _PER_KG),
        max=cited.quantity("max", _PER_KG),
        usual=cited.quantity("usual", _PER_KG),
        absolute_max=cited.quantity("absolute_max", _ABSOLUTE),
        evidence=cited.evidence,
    )
    if not dose_range.evidence:
        raise table.error("expected at least one of min, max, usual and absolute_max")
    per_kg = [q for q in (dose_range.min, dose_range.usual, dose_range.max) if q is not None]
    if len({quantity.unit for quantity in per_kg}) > 1:
        raise table.error("expected min, usual and max in one unit")
    if per_kg != sorted(per_kg, key=lambda quantity: quantity.value):
        raise table.error("expected min to be at most usual, and usual at most max")
    return dose_range


def _landmark(table: TomlTable, bands: Collection[str], sources: Sources) -> Landmark:
    table.allow("text", *EVIDENCE_KEYS, "ages", "point")
    evidence = read_evidence(table, sources)
    point = _point(table.table("point")) if "point" in table else None
    return Landmark(table.text("text"), _ages(table, bands), evidence.sources, evidence.status, point)


def _point(table: TomlTable) -> Point:
    table.allow("place", "words")
    return Point(table.text("place"), table.text("words"))


def _ages(table: TomlTable, bands: Collection[str]) -> tuple[str, ...]:
    return table.choices("ages", bands) if "ages" in table else tuple(bands)


def _statements(table: TomlTable, key: str, sources: Sources) -> tuple[Statement, ...]:
    return tuple(_statement(item, sources) for item in table.tables(key))


def _statement(table: TomlTable, sources: Sources) -> Statement:
    table.allow("text", *EVIDENCE_KEYS)
    evidence = read_evidence(table, sources)
    return Statement(table.text("text"), evidence.sources, evidence.status)


def _check_order(table: TomlTable, key: str, least: int | None, most: int | None) -> None:
    if least is not None and most is not None and most < least:
        raise table.error(f"expected a number not below the minimum {least}, found {most}", key, "value")
