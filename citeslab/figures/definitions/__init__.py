"""Indicators as data: `facts` are the tables, `people` and `actions` what is counted on them, `dimensions` by what."""
