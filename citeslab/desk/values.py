"""A question asked to the list of people, as an address carries it."""

from dataclasses import dataclass, fields, replace
from urllib.parse import parse_qsl, urlencode

from citeslab.core.values import whole_number
from citeslab.followup.enums import Stage
from citeslab.territories.enums import Answer

VIEWS = ("", "silent", "to-check", "left", "all")
SORTS = ("-contact", "contact", "name", "-name")
ME, NOBODY = "me", "nobody"


@dataclass(frozen=True)
class Question:
    """What a list is asked. What is not understood is left aside: a strange address gets a list, not an error."""

    words: str = ""
    view: str = ""
    stage: str = ""
    answer: str = ""
    site: str = ""  # a code
    advisor: str = ""  # "me", "nobody", or a user's key
    sort: str = ""

    @classmethod
    def of(cls, asked) -> "Question":
        """From the parameters of an address (any mapping)."""
        said = {one.name: str(asked.get(one.name) or "").replace("\0", "").strip() for one in fields(cls)}
        advisor = said["advisor"]
        return cls(
            words=said["words"][:100],
            view=said["view"] if said["view"] in VIEWS else "",
            stage=said["stage"] if said["stage"] in Stage.values else "",
            answer=said["answer"] if said["answer"] in Answer.values else "",
            site=said["site"][:32],
            advisor=advisor if advisor in {ME, NOBODY} or whole_number(advisor) is not None else "",
            sort=said["sort"] if said["sort"] in SORTS else "",
        )

    @classmethod
    def kept(cls, query: str) -> "Question":
        return cls.of(dict(parse_qsl(query)))

    def said(self) -> dict[str, str]:
        """What was asked, by the names of an address."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}

    @property
    def query(self) -> str:
        return urlencode(self.said())

    @property
    def is_narrowed(self) -> bool:
        return replace(self, sort="") != Question()

    def codes(self) -> dict[str, str]:
        """For the journal: what was asked, without the words, which may be a name."""
        said = {name: value for name, value in self.said().items() if name not in {"words", "sort"}}
        return said | ({"words": "yes"} if self.words else {})
