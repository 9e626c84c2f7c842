"""Indicators as data: `facts` are the tables, `indicators` what is counted on them, `statements` what was said."""
