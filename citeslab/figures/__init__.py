"""Indicators defined once in Ibis, computed here and nowhere else; the release's statements and their check.

Facts walk through views of the database (`fact_...`) -> definitions (expressions) -> queries (values). Reads all below.
"""
