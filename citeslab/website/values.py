"""Small values of the public site."""


def paragraphs_of(words: str) -> list[str]:
    """A text cut where lines are empty: nothing else of its shape is kept.

    >>> paragraphs_of("One  line,\\ncontinued.\\n\\n\\nAnother.")
    ['One line, continued.', 'Another.']
    """
    parts = words.replace("\r\n", "\n").split("\n\n")
    return [" ".join(part.split()) for part in parts if part.strip()]
