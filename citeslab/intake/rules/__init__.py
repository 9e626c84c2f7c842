"""What a workbook may say. Pure: text in, rows or faults out; nothing is read from the database.

`cells` reads one cell with the habits that people have; `rows` reads the sheets and ties their rows together.
"""
