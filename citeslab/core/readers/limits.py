"""How large a workbook may be. A site of ten years is far below; a bomb is far above."""

MEBI = 1024 * 1024
INFLATED_BYTES = 256 * MEBI  # all parts together, once inflated
PARTS = 2_000
ROWS = 200_000  # of one sheet
COLUMNS = 200
CELLS = 8_000_000  # of one sheet, holes included: readers lay out the whole rectangle
MEMORY_BYTES = 1024 * MEBI
CPU_SECONDS = 60
WALL_SECONDS = 120


class Refused(Exception):
    """This file is not read: a code that `core.errors` or a room puts in words, and what it needs to say them."""

    def __init__(self, code: str, **details):
        super().__init__(code)
        self.code, self.details = code, details
