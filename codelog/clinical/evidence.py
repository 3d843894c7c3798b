"""Where a number comes from, and whether anybody read it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from codelog.clinical.problems import shown, valid_instead
from codelog.clinical.toml_table import TomlTable

Status = Literal["verified", "unverified"]
Standing = Literal["read", "secondary", "none"]

STATUSES: tuple[Status, ...] = ("verified", "unverified")
STANDINGS: tuple[Standing, ...] = ("read", "secondary", "none")
LOCAL = "local"
"""The source id of a local default for which no figure has been published."""

EVIDENCE_KEYS = ("source", "status")


@dataclass(frozen=True, slots=True)
class Source:
    """A reference. `standing`: `read` itself, a `secondary` page about it, or `none` (nothing to be read)."""

    id: str
    citation: str
    url: str | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one statement rests on: ids of sources, and whether it was read there."""

    sources: tuple[str, ...]
    status: Status


def read_source(id: str, table: TomlTable) -> Source:
    """One entry of sources.toml."""
    table.allow("citation", "standing", "url")
    return Source(
        id=id,
        citation=table.text("citation"),
        url=table.text("url") if "url" in table else None,
        standing=table.choice("standing", STANDINGS),
    )


def read_evidence(table: TomlTable, known: Mapping[str, Source]) -> Evidence:
    """The `source` and `status` keys of a table; every source must be known."""
    evidence = Evidence(read_sources(table, known), table.choice("status", STATUSES))
    check_verified(table, evidence, known)
    return evidence


def read_sources(table: TomlTable, known: Mapping[str, Source], own_words: bool = False) -> tuple[str, ...]:
    """The `source` key: ids of known sources and, with `own_words`, references of two words or more."""
    sources = table.text_or_texts("source")
    for source in sources:
        if source not in known and not (own_words and " " in source):
            instead = valid_instead(source, "source", known)
            raise table.error(f"unknown source {shown(source)}; {instead}", "source")
    return sources


def check_verified(table: TomlTable, evidence: Evidence, known: Mapping[str, Source]) -> None:
    """Refuse `verified` where no source was read itself; a reference in words of one's own counts as read."""
    if evidence.status == "verified" and not any(
        source not in known or known[source].standing == "read" for source in evidence.sources
    ):
        named = ", ".join(evidence.sources)
        raise table.error(
            f'expected "unverified", because no source named ({named}) was itself read', "status"
        )
