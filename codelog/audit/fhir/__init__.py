"""HL7 FHIR R4 (4.0.1), made of plain dicts: which element says what is in docs/fhir.md."""
