"""Small pure values of the life of the network."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A moment of a method: how long, and what is done."""

    minutes: int
    words: str


@dataclass(frozen=True)
class Text:
    """What a version of a method says. `changes`: what it changes from the one before."""

    title: str
    purpose: str
    audience: str
    steps: tuple[Step, ...] = ()
    material: str = ""
    link: str = ""
    licence: str = ""
    changes: str = ""
