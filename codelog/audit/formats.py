"""The formats of an export, each writing its own files into the folder case by case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from codelog.audit.exported import ExportedCase
from codelog.audit.folder import WorkingFolder

JSONL = "jsonl"
"""The stored lines, byte for byte; written while they are verified, so it has no writer of its own."""


class Writer(Protocol):
    """What writes one format."""

    def add(self, case: ExportedCase) -> None:
        """Add a case. What cannot be made of it becomes one of its problems."""

    def end_batch(self) -> None:
        """All cases so far are to stand in files that another export can go on with."""

    def end(self) -> None:
        """No case follows."""


def _csv(folder: WorkingFolder, generated_at: int, snomed: bool) -> Writer:
    from codelog.audit.csv_tables import CsvTables

    return CsvTables(folder)


def _parquet(folder: WorkingFolder, generated_at: int, snomed: bool) -> Writer:
    from codelog.audit.parquet_tables import ParquetTables

    return ParquetTables(folder)


def _fhir(folder: WorkingFolder, generated_at: int, snomed: bool) -> Writer:
    from codelog.audit.fhir_bundles import FhirBundles

    return FhirBundles(folder, generated_at, snomed=snomed)


_WRITERS: dict[str, Callable[[WorkingFolder, int, bool], Writer]] = {
    "csv": _csv,
    "fhir": _fhir,
    "parquet": _parquet,
}

FORMATS = (JSONL, *_WRITERS)


def writers(
    formats: Sequence[str], folder: WorkingFolder, generated_at: int, *, snomed: bool
) -> list[Writer]:
    """The writers of these formats of `FORMATS`; `snomed`: whether its codes, which need a licence, are sent."""
    return [make(folder, generated_at, snomed) for name, make in _WRITERS.items() if name in formats]
