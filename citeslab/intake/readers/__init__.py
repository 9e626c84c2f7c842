"""The caseload workbook asked of a file: see `citeslab.core.readers`."""
