"""Pages about patients: their own, the caseload, and the record."""
