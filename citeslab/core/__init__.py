"""Foundations: abstract models, constraints, value objects. No table, no page."""
