"""What a page that only reads asks once, however many of its parts need it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_KEPT: ContextVar[dict[Any, Any] | None] = ContextVar("kept_for_this_page", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """While this lasts, a question marked `once_per_page` is asked of the database once."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def once_per_page(question: Callable[P, R]) -> Callable[P, R]:
    """Keep the answer for the page being made. A page that writes, and a task, ask each time.

    The answer is shared: it must be one that nobody changes.
    """

    @wraps(question)
    def asked(*args: P.args, **named: P.kwargs) -> R:
        kept = _KEPT.get()
        if kept is None:
            return question(*args, **named)
        key = (question, args, tuple(named.items()))
        if key not in kept:
            kept[key] = question(*args, **named)
        return kept[key]

    return asked
