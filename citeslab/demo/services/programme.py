"""What the sites have on their programme these weeks: a full action with a line, and one that waits to be closed."""

from datetime import date, time, timedelta

from django.db.models import Max

from citeslab.core.values import instant
from citeslab.network.models import Site, Tenure
from citeslab.people.models import Assignment
from citeslab.territories.models import Commune
from citeslab.workshops.enums import Channel, Kind
from citeslab.workshops.models import Registration, Session, Workshop

IDEAS = (
    ("Oser son idée : premier atelier", Kind.GENERAL, "Maison de quartier"),
    ("Entreprendre au féminin", Kind.THEMATIC, "Médiathèque"),
    ("Ma petite entreprise, combien ça coûte ?", Kind.THEMATIC, "Centre social"),
    ("Vendre sur un marché", Kind.THEMATIC, "Salle des fêtes"),
)
SEATS, REGISTERED = 10, 12
IN_DAYS, DAYS_AGO = 6, 2
AUDIENCE = "Ouvert à toutes et à tous"
THEMES = ("Oser", "Entreprendre au féminin", "Chiffrer", "Vendre")
GUESTS = (("Nour", "Bensaïd", "+33639980142"), ("Yacine", "Haddad", ""))


def plant_programme(*, until: date) -> None:
    """For each site with someone in post: an action to come, full, with two people in line; one held and not closed."""
    noted_on = working_day(until - timedelta(days=20))
    noted_at = instant(noted_on, time(10))
    advisors: dict[int, int] = {}
    in_post = Tenure.objects.on(until).filter(begins_on__lte=noted_on).order_by("pk")
    for site, user in in_post.values_list("post__site", "user"):
        advisors.setdefault(site, user)
    people: dict[int, list[int]] = {}
    followed = Assignment.objects.standing().on(until).filter(person__site__in=advisors)
    latest = followed.annotate(met=Max("person__meetings__held_on")).order_by("-met", "person")
    for site, person in latest.values_list("person__site", "person"):
        if len(people.setdefault(site, [])) < REGISTERED:
            people[site].append(person)
    sites = Site.objects.in_bulk(list(advisors))
    communes = dict(Site.objects.filter(pk__in=advisors).values_list("pk", "commune_code"))
    towns = dict(Commune.objects.filter(pk__in=communes.values()).values_list("pk", "name"))
    workshops, sessions = [], []
    for place, (site, advisor) in enumerate(sorted(advisors.items())):
        for shift, (days, hour) in enumerate(((IN_DAYS, 9), (-DAYS_AGO, 14))):
            title, kind, where = IDEAS[(place + shift) % len(IDEAS)]
            day = working_day(until + timedelta(days=days + place % 3))
            workshop = Workshop(
                site=sites[site],
                held_on=min(day, working_day(until - timedelta(days=1))) if days < 0 else day,
                kind=kind,
                title=title,
                place=where,
                commune_name=towns.get(communes[site] or "", ""),
                commune_code=communes[site] or "",
                theme=THEMES[(place + shift) % len(THEMES)],
                audience=AUDIENCE,
                is_public=True,
                capacity=SEATS,
                is_planned=True,
                recorded_at=noted_at,
                recorded_by_id=advisor,
            )
            workshops.append(workshop)
            begins = instant(workshop.held_on, time(hour), workshop.site.zone)
            sessions.append(Session(workshop=workshop, starts_at=begins, ends_at=begins + timedelta(hours=3)))
    Workshop.objects.bulk_create(workshops)
    links = [Workshop.animators.through(workshop=one, user_id=one.recorded_by_id) for one in workshops]
    Workshop.animators.through.objects.bulk_create(links)
    Session.objects.bulk_create(sessions)
    Registration.objects.bulk_create(
        Registration(
            workshop=one,
            person_id=person,
            number=rank + 1,
            is_waiting=rank >= SEATS,
            recorded_at=noted_at + timedelta(minutes=15 * (rank + 1)),
            recorded_by_id=one.recorded_by_id,
        )
        for one in workshops
        for rank, person in enumerate(people.get(one.site_id, []))
    )
    # Two people whom nobody knows yet wait in line too, one of whom no message reaches.
    Registration.objects.bulk_create(
        Registration(
            workshop=one,
            first_name=first_name,
            preferred_name=preferred_name,
            phone=phone,
            number=REGISTERED + rank + 1,
            channel=Channel.HERSELF,
            is_waiting=True,
            recorded_at=noted_at + timedelta(days=1, minutes=15 * rank),
            recorded_by_id=one.recorded_by_id,
        )
        for one in workshops
        for rank, (first_name, preferred_name, phone) in enumerate(GUESTS)
    )


def working_day(day: date) -> date:
    """The day, or the Friday before."""
    return day - timedelta(days=max(0, day.weekday() - 4))
