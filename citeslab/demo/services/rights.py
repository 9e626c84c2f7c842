"""What recent people were told and agreed to; some files near their end; two requests that wait."""

from datetime import datetime, time, timedelta

import numpy as np
from django.utils import timezone

from citeslab.demo.services.staff import NAMED_ADVISOR
from citeslab.followup.models import Meeting
from citeslab.network.models import Mandate
from citeslab.people.models import Person
from citeslab.rights import definitions, queries
from citeslab.rights.enums import Purpose, Said, Way
from citeslab.rights.models import Closing, Consent, CorrectionRequest, Notice

SITES = 12
LATELY = timedelta(days=180)
ASKED = ("Mon adresse a changé en septembre, j’habite maintenant avec ma sœur.", "Mon prénom s’écrit avec un y.")


def plant_rights(*, seed: int, at: datetime) -> None:
    """The named advisor's site first, then some others; nine people in ten were told at a first meeting."""
    rng = np.random.default_rng([seed, 31])
    on = timezone.localdate(at)
    hers = Mandate.objects.filter(user__name=NAMED_ADVISOR).values_list("site_id", flat=True).first()
    others = Mandate.objects.exclude(site=None).exclude(site=hers).order_by("site_id")
    sites = [hers, *others.values_list("site_id", flat=True).distinct()[:SITES]]
    met = (
        Meeting.objects.standing()
        .filter(site__in=sites, held_on__gt=on - LATELY, held_on__lte=on)
        .order_by("person_id", "held_on", "pk")
        .distinct("person_id")
    )
    notices, consents, at_her_site = [], [], []
    for person, site, day, writer in met.values_list("person_id", "site_id", "held_on", "recorded_by_id"):
        if site == hers:
            at_her_site.append(person)
        if rng.random() > 0.9:
            continue
        books = {
            "person_id": person,
            "recorded_at": timezone.make_aware(datetime.combine(day, time(18, 0))),
            "recorded_by_id": writer,
        }
        notices.append(Notice(version=definitions.NOTICE_VERSION, given_on=day, way=Way.SPOKEN, **books))
        for purpose, share in ((Purpose.INVITATIONS, 0.6), (Purpose.LATER_NEWS, 0.4), (Purpose.PHOTO, 0.1)):
            if (draw := rng.random()) < share + 0.15:
                said = Said.YES if draw < share else Said.NO
                consents.append(Consent(purpose=purpose, said=said, said_on=day, way=Way.SPOKEN, **books))
    Notice.objects.bulk_create(notices, batch_size=2_000)
    Consent.objects.bulk_create(consents, batch_size=2_000)
    announce(hers, on)
    CorrectionRequest.objects.bulk_create(
        CorrectionRequest(person_id=person, text=text, asked_at=at - timedelta(days=2 + place))
        for place, (person, text) in enumerate(zip(at_her_site, ASKED, strict=False))
    )


def announce(site: int | None, on) -> None:
    """Three files of the named advisor's site whose closing is announced: without news for 23 months."""
    silent = queries.with_last_contact(Person.objects.filter(site=site), on=on).filter(
        last_contact_on__lte=queries.months_before(on, queries.ANNOUNCED_MONTHS),
        last_contact_on__gt=queries.months_before(on, queries.KEPT_MONTHS),
    )
    Closing.objects.bulk_create(
        Closing(
            person=person,
            last_contact_on=person.last_contact_on,
            announced_on=on - timedelta(days=place + 1),
            is_sent=bool(person.email or person.phone),
        )
        for place, person in enumerate(silent.order_by("last_contact_on", "pk")[:3])
    )
