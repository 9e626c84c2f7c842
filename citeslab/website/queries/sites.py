"""What the public page of a site says: who is there, when, how to reach it, what is held nearby."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.timezone import localdate

from citeslab.agenda import queries as agenda
from citeslab.agenda.enums import Access
from citeslab.agenda.models import PublicName, Surgery
from citeslab.agenda.values import Occurrence, Slot
from citeslab.network import queries as network
from citeslab.network.models import Site
from citeslab.territories.models import Commune
from citeslab.workshops import queries as actions
from citeslab.workshops.queries import Announced

WORKSHOPS = 3


@dataclass(frozen=True)
class Shown:
    """A site as anyone may see it. `faces` are those of its advisors who agreed to be named."""

    site: Site
    faces: list[PublicName] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    surgeries: list[tuple[Surgery, Occurrence | None]] = field(default_factory=list)
    workshops: list[Announced] = field(default_factory=list)
    commune: Commune | None = None

    @property
    def next_slot(self) -> Slot | None:
        return self.slots[0] if self.slots else None

    @property
    def others(self) -> int:
        """Free times beside the next one."""
        return max(0, len(self.slots) - 1)

    @property
    def face(self) -> PublicName | None:
        """Whose next free time this is or, without any, one of who agreed to be named."""
        slot = self.next_slot
        return next((one for one in self.faces if slot is None or one.advisor_id == slot.advisor_id), None)


def shown(site: Site, *, commune: Commune | None = None, at: datetime) -> Shown:
    """All that the page says, the workshops near `commune` or near the site. As many queries for one row as for ten."""
    on = localdate(at)
    names = agenda.public_names(network.advisors_of([site], on=on).values_list("pk", flat=True))
    surgeries = Surgery.objects.filter(site=site, access=Access.OPEN).select_related("site")
    near = commune or Commune.objects.filter(pk=site.commune_code).first()
    wanted = actions.Wanted(commune=near)
    found = actions.announced(wanted, at=at).actions[:WORKSHOPS] if near else []
    return Shown(
        site=site,
        faces=sorted(names.values(), key=lambda one: (one.first_name, one.pk)),
        slots=agenda.bookable(site, at=at),
        surgeries=agenda.surgeries_with_next(surgeries, on=on),
        workshops=actions.with_seats(found, at=at),
        commune=near,
    )
