"""Files that come back: an attendance sheet, whoever had it in hands. Pure: no table is asked."""
