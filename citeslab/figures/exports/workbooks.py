"""A report as a workbook: its figures, one sheet a table, its definitions. Numbers are numbers, the hidden is text."""

import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import xlsxwriter

from citeslab.core.values import harmless

LONGEST_NAME = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def workbook(told: Mapping[str, Any], *, sha256: str = "", at: datetime) -> bytes:
    """The same document and instant make the same bytes."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": told["title"], "author": "CitésLab", "comments": sha256, "created": at.replace(tzinfo=None)}
    )
    Sheets(book, told, sha256).write()
    book.close()
    return file.getvalue()


class Sheets:
    """What is written where: each method writes one sheet."""

    def __init__(self, book: xlsxwriter.Workbook, told: Mapping[str, Any], sha256: str):
        self.book, self.told, self.sha256 = book, told, sha256
        self.words = told["words"]
        self.names: set[str] = set()
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.number = book.add_format({"num_format": "#,##0"})
        self.share = book.add_format({"num_format": "0.0%"})
        self.strong = {
            False: book.add_format({"num_format": "#,##0", "bold": True}),
            True: book.add_format({"num_format": "0.0%", "bold": True}),
        }
        self.quiet = book.add_format({"italic": True, "align": "right"})

    def write(self) -> None:
        pieces = [piece for section in self.told["sections"] for piece in section["pieces"]]
        self.front()
        figures = [one for piece in pieces if piece["kind"] == "figures" for one in piece["figures"]]
        if figures:
            self.figures(figures)
        for piece in pieces:
            match piece["kind"]:
                case "table":
                    self.table(piece)
                case "chart":
                    self.table(piece["table"])
                case "statements":
                    self.rows(piece["title"], piece["columns"], map(statement, piece["rows"]), (60, 22, 18, 18))
                case "moves":
                    self.rows(piece["title"], piece["columns"], map(move, piece["rows"]), (60, 18, 18, 80))
        self.definitions(self.told["definitions"])

    def sheet(self, name: str, *widths: float):
        """A sheet of its own name: two tables of one title are told apart by a number."""
        plain = FORBIDDEN.sub(" ", name)[:LONGEST_NAME].strip().strip("'")
        unique, place = plain, 2
        while unique.casefold() in self.names:
            unique, place = f"{plain[: LONGEST_NAME - 4].rstrip()} ({place})", place + 1
        self.names.add(unique.casefold())
        page = self.book.add_worksheet(unique)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        return page

    def front(self) -> None:
        page = self.sheet(self.words["report"], 100)
        lines = [(self.told["title"], self.title), (self.told["state"], None), (self.told["lead"], None)]
        lines.append((self.told["reference"], None))
        if self.sha256:
            lines.append((f"{self.words['digest']}{self.words['colon']} {self.sha256}", None))
        for section in self.told["sections"]:
            said = [
                words
                for piece in section["pieces"]
                if piece["kind"] in {"text", "method"}
                for words in piece["paragraphs"]
            ]
            if said:
                lines += [("", None), (section["title"], self.bold), *[(words, self.wrapped) for words in said]]
        written = [line for place, line in enumerate(lines) if line[0] or place > 4]
        for row, (words, form) in enumerate(written):
            page.write_string(row, 0, harmless(words), form)

    def figures(self, figures: Iterable[Mapping[str, Any]]) -> None:
        page = self.sheet(self.words["figures"], 50, 14, 14, 14, 34, 10)
        self.headings(page, 0, self.words["figure_columns"])
        for row, one in enumerate(figures, start=1):
            page.write_string(row, 0, harmless(one["wording"]))
            self.cell(page, row, 1, one)
            if one["is_share"] and not one["is_hidden"]:
                page.write_number(row, 2, one["count"], self.number)
                page.write_number(row, 3, one["of"], self.number)
            page.write_string(row, 4, one["id"])
            page.write_number(row, 5, one["version"])

    def table(self, told: Mapping[str, Any]) -> None:
        page = self.sheet(told["title"], 40, *[14] * len(told["headings"]))
        page.write_string(0, 0, harmless(told["title"]), self.title)
        page.write_string(1, 0, harmless(f"{told['source']} {told['id']}, v{told['version']}"))
        self.headings(page, 3, [told["by"], *told["headings"]])
        for row, line in enumerate(told["rows"], start=4):
            page.write_string(row, 0, harmless(line["heading"]), self.bold if line["is_total"] else None)
            for column, one in enumerate(line["cells"], start=1):
                self.cell(page, row, column, one, strong=line["is_total"])
        page.freeze_panes(4, 1)

    def cell(self, page, row: int, column: int, one: Mapping[str, Any], *, strong: bool = False) -> None:
        if one["is_hidden"]:
            page.write_string(row, column, self.words["hidden"], self.quiet)
        elif one["value"] is not None:  # nothing over nothing is no number: the cell stays empty
            form = self.strong[one["is_share"]] if strong else self.share if one["is_share"] else self.number
            page.write_number(row, column, one["value"], form)

    def rows(self, name: str, columns: list[str], rows: Iterable[list[str]], widths: tuple[float, ...]) -> None:
        page = self.sheet(name, *widths)
        self.headings(page, 0, columns)
        for row, cells in enumerate(rows, start=1):
            for column, words in enumerate(cells):
                page.write_string(row, column, harmless(words), self.wrapped)

    def definitions(self, definitions: Iterable[Mapping[str, Any]]) -> None:
        rows = [
            [one["id"], str(one["version"]), one["wording"], one["definition"], one["unit"], one["period"], one["of"]]
            for one in definitions
        ]
        self.rows(self.words["definitions"], self.words["columns"], rows, (34, 10, 40, 80, 20, 20, 50))

    def headings(self, page, row: int, columns: Iterable[str]) -> None:
        for column, words in enumerate(columns):
            page.write_string(row, column, harmless(words), self.head)


def statement(row: Mapping[str, Any]) -> list[str]:
    return [row["wording"], row["said"], row["found"], row["verdict"]]


def move(row: Mapping[str, Any]) -> list[str]:
    return [row["wording"], row["before"], row["after"], row["why"]]
