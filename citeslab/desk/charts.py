"""Figures and steps turned into what the charts of `ui` are given."""

from collections.abc import Sequence

from citeslab.followup.enums import Stage
from citeslab.followup.models import Transition
from citeslab.ui.charts import Step


def sprout(pathway: Sequence[Transition]) -> list[Step]:
    """The six stages, each with the day it was first reached; the last reached is where the person is."""
    reached: dict[str, Transition] = {}
    for step in pathway:
        reached.setdefault(step.stage, step)
    growing = [stage for stage in Stage if stage != Stage.SORT]
    last = next((step.stage for step in reversed(pathway) if step.stage != Stage.SORT), None)
    return [
        Step(
            code=stage.value,
            name=str(stage.label),
            reached_on=reached[stage].occurred_on if stage in reached else None,
            here=stage == last,
        )
        for stage in growing
    ]
