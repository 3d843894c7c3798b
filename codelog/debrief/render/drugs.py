"""What was given: doses, infusions, their totals, and what went through each line."""

from __future__ import annotations

from collections.abc import Iterator

from codelog.case.quantities import Quantity
from codelog.debrief.render.page import Block, Cell, Column, Prose, Row, Table, cell, quiet, row
from codelog.debrief.report.figures import span_words
from codelog.debrief.report.given import Dose, FluidTotal, Given, InfusionStory, LineUse

_DOSES = (
    Column("time", 9, right=True),
    Column("drug", 20),
    Column("dose", 12, right=True),
    Column("per kg", 12, right=True),
    Column("by", 8),
    Column("line", 13),
    Column("volume", 17),
    Column("remark", 14),
)
_DRUG_TOTALS = (
    Column("drug", 40),
    Column("doses", 10, right=True),
    Column("total", 20, right=True),
    Column("per kg", 20, right=True),
)
_INFUSIONS = (
    Column("no.", 5, right=True),
    Column("fluid", 17),
    Column("start - end", 15),
    Column("took", 10, right=True),
    Column("by", 7),
    Column("line", 13),
    Column("volume", 17),
    Column("per kg", 12, right=True),
    Column("rates, remark", 17),
)
_FLUID_TOTALS = (
    Column("fluid", 34),
    Column("infusions", 12, right=True),
    Column("volume", 16, right=True),
    Column("per kg", 16, right=True),
    Column("remark", 30),
)
_LINES = (
    Column("line", 26),
    Column("doses", 8, right=True),
    Column("infusions", 9, right=True),
    Column("by infusion", 12, right=True),
    Column("by drugs", 12, right=True),
    Column("by flushes", 12, right=True),
    Column("together", 12, right=True),
    Column("per kg", 12, right=True),
)


def drugs(given: Given) -> Iterator[Block]:
    """All that was given."""
    if given.weight is not None:
        source = "" if given.weight.source is None else f" ({given.weight.source.label})"
        words = f"Figures per kilogram are for {given.weight.weight}{source}."
        yield Prose((cell(words, given.weight.events),))
    elif given.doses or given.infusions:
        yield Prose((Cell("No weight was recorded: there are no figures per kilogram.", tone="warn"),))
    if given.doses:
        yield Table("Every dose", _DOSES, tuple(map(_dose, given.doses)))
        totals = (
            row(one.events, one.drug.label, one.doses, one.total, _per_kg(one.per_kg))
            for one in given.drug_totals
        )
        yield Table("Drugs in all", _DRUG_TOTALS, tuple(totals))
    else:
        yield quiet("No drug was recorded.")
    if given.infusions:
        yield Table("Every infusion", _INFUSIONS, tuple(map(_infusion, given.infusions)))
        kinds = given.fluid_totals
        fluids = kinds if len(kinds) == 1 else (*kinds, given.fluids)
        yield Table("Fluids in all", _FLUID_TOTALS, tuple(map(_fluids, fluids)))
    else:
        yield quiet("No infusion was recorded.")
    if given.lines:
        yield Table("What went through each line", _LINES, tuple(map(_line, given.lines)))


def _per_kg(quantity: Quantity | None) -> str:
    return "not known" if quantity is None else str(quantity)


def _dose(dose: Dose) -> Row:
    of = "" if dose.concentration is None else f" of {dose.concentration}"
    volume = f"{dose.volume or ''}{of}".strip()
    flush = "" if dose.flush is None else f"flush {dose.flush}"
    return row(
        dose.events,
        dose.moment.clock,
        f"{dose.drug.label}, no. {dose.nth}",
        cell(str(dose.dose), tone="strong"),
        _per_kg(dose.per_kg),
        dose.route.label,
        _through(dose),
        ", ".join(part for part in (volume, flush) if part),
        dose.text,
    )


def _through(part: Dose | InfusionStory) -> Cell:
    if part.line is None:
        return Cell("not recorded", tone="quiet")
    return cell(f"line {part.line}{' (the only one)' if part.line_inferred else ''}")


def _infusion(infusion: InfusionStory) -> Row:
    end = "running" if infusion.stop is None else infusion.stop.clock
    rates = [f"{rate.moment.clock} {rate.rate or rate.dose_rate}" for rate in infusion.rates]
    return row(
        infusion.events,
        infusion.number,
        infusion.fluid.label,
        f"{infusion.start.clock} - {end}",
        None if infusion.duration_ms is None else span_words(infusion.duration_ms),
        infusion.route.label,
        _through(infusion),
        _volume(infusion),
        _per_kg(infusion.per_kg),
        ", ".join([*rates, *([infusion.reason] if infusion.reason else [])]),
    )


def _volume(infusion: InfusionStory) -> Cell:
    if infusion.given is not None:
        ordered = "" if infusion.ordered in (None, infusion.given) else f" of {infusion.ordered}"
        return cell(f"{infusion.given}{ordered} given", tone="strong")
    if infusion.ordered is not None:
        return cell(f"{infusion.ordered} ordered", tone="strong")
    return Cell("not recorded", tone="quiet")


def _fluids(total: FluidTotal) -> Row:
    remarks = [f"{total.ordered_only} as ordered"] if total.ordered_only else []
    remarks += [f"{total.uncounted} without a volume"] if total.uncounted else []
    per_kg, remark = _per_kg(total.per_kg), ", ".join(remarks)
    return row(total.events, total.fluid.label, total.infusions, total.volume, per_kg, remark)


def _line(use: LineUse) -> Row:
    name = use.words if use.line is None else f"{use.line}: {use.words}"
    volumes = (use.infusion_volume, use.drug_volume, use.flush_volume, use.volume)
    return row(use.events, name, use.doses, use.infusions, *volumes, _per_kg(use.per_kg))
