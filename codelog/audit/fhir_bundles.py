"""FHIR: one R4 bundle for every case, the version of FHIR in the name of its file."""

from __future__ import annotations

from codelog.audit.exported import ExportedCase, Unreadable, made_sense_of
from codelog.audit.fhir.bundle import bundle, encode
from codelog.audit.folder import WorkingFolder
from codelog.clinical.codes import SNOMED, load_codes


class FhirBundles:
    """Writes `CASE.fhir-r4.json` for every case."""

    def __init__(self, folder: WorkingFolder, generated_at: int, *, snomed: bool) -> None:
        self._folder = folder
        self._generated_at = generated_at
        codes = load_codes()
        self._codes = codes if snomed else codes.without(SNOMED)

    def add(self, case: ExportedCase) -> None:
        """Write the bundle of a case."""
        try:
            with made_sense_of():
                content = encode(
                    bundle(case.events, case.tables, self._codes, generated_at=self._generated_at)
                )
        except Unreadable as error:
            case.add_problem(str(error))
            return
        self._folder.write(f"{case.id}.fhir-r4.json", "an HL7 FHIR R4 (4.0.1) collection bundle", content)

    def end_batch(self) -> None:
        """Every file is finished already."""

    def end(self) -> None:
        """Every file is finished already."""
