"""What a PDF says to who does not see it."""

from pypdf import PdfReader


def tags_of(read: PdfReader) -> tuple[list[str], list[str]]:
    """The tags of a document, and the words said in place of its pictures."""
    tags, said, waiting = [], [], [read.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            tags.append(str(one.get("/S", "")))
            if "/Alt" in one:
                said.append(str(one["/Alt"]))
            waiting.append(one.get("/K", []))
    return tags, said
