"""Caseload workbooks read in: a child process reads, rules name each bad row, services write all or nothing.

A workbook walks through readers (file to cells) -> rules (cells to rows or faults) -> queries (what would change)
-> services.
"""
