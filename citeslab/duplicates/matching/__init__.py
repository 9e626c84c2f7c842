"""How likely two files are one person's: one model, two ways through it.

`model` holds the traits, the levels on which they agree and what each weighs; it compares one pair in plain Python,
while a new file is being written. `network` hands the same levels and weights to Splink, which compares everyone in
DuckDB. The weights are kept, not learned again each night: a score means the same tonight,
tomorrow and while typing.
"""
