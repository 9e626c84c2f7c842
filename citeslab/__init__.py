"""The house: one folder, one room. The floors are in pyproject.toml and ARCHITECTURE.md."""
