"""Partners around each site, and the referrals of the last months, in all their states. Everyone is invented."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from citeslab.accounts.models import User
from citeslab.core.values import digest_of, new_secret, sort_key
from citeslab.demo.services.accounts import email_of
from citeslab.demo.services.geography import words
from citeslab.followup.enums import Evidence, Stage
from citeslab.followup.models import Meeting, Transition
from citeslab.network.enums import Role
from citeslab.network.models import Mandate, Site
from citeslab.partners.enums import Purpose
from citeslab.partners.models import Contact, Network, Office
from citeslab.people.models import Person
from citeslab.projects.models import Project
from citeslab.referrals import rules
from citeslab.referrals import services as referral_services
from citeslab.referrals.enums import Kind, Manner, Occasion, Outcome, Reason, SheetField
from citeslab.referrals.models import Answer, Consent, Link, Referral
from citeslab.referrals.services.links import partners_user
from citeslab.territories.models import Department

PARIS = ZoneInfo("Europe/Paris")
NETWORKS = {
    "Adie": Purpose.FINANCE,
    "BGE": Purpose.COACHING,
    "Initiative France": Purpose.FINANCE,
    "France Active": Purpose.FINANCE,
    "CMA": Purpose.COACHING,
    "Couveuse": Purpose.TEST,
    "France Travail": Purpose.TRAINING,
    "Mission locale": Purpose.JOB,
}
PHONE = "+3353649{:04d}"  # kept for fiction
AGREED = (SheetField.NAME, SheetField.PHONE, SheetField.EMAIL, SheetField.COMMUNE, SheetField.PROJECT, SheetField.STAGE)
ASKED = {
    Purpose.FINANCE: "Un premier financement pour du matériel ; le devis est prêt.",
    Purpose.COACHING: "Le projet est clair, il reste à bâtir le prévisionnel.",
    Purpose.TEST: "Souhaite essayer l’activité quelques mois avant de s’immatriculer.",
    Purpose.TRAINING: "Cherche une formation courte, compatible avec la garde d’un enfant.",
    Purpose.JOB: "Préfère un emploi pour l’instant ; le projet attendra.",
}
SAID = {
    Kind.ACCEPTED: ("Projet clair, je l’appelle cette semaine.", "Rendez-vous proposé la semaine prochaine.", ""),
    Kind.REFUSED: ("Revenez vers nous dans quelques mois.", ""),
    Kind.FIRST_MEETING: ("Dossier ouvert, pièces à compléter.", "Bon premier échange.", ""),
    Kind.OUTCOME: ("Bravo pour l’accompagnement en amont.", ""),
}
# How far each referral has gone, in the order they are dealt.
ENDS = (
    (), (Kind.SEEN,), (Kind.SEEN, Kind.ACCEPTED), (Kind.SEEN, Kind.REFUSED),
    (Kind.SEEN, Kind.ACCEPTED, Kind.FIRST_MEETING), (Kind.SEEN, Kind.ACCEPTED, Kind.FIRST_MEETING, Kind.OUTCOME),
    (Kind.EXPIRED,), (Kind.SEEN, Kind.WITHDRAWN),
)  # fmt: skip
AGES = {0: (2, 40), 1: (5, 30), 2: (15, 45), 3: (30, 60), 4: (40, 80)}  # days, by how much happened
EVERY = 4  # one site in four, and the first one, refers people this way already
MOST_AT_A_SITE = 16


def plant_referrals(*, seed: int, until: date, by: User, at: datetime) -> None:
    """Offices in each department of a site, and referrals at some sites; the named advisor's is the first."""
    contacts = plant_partners(by=by, at=at)
    rng = np.random.default_rng([seed, 15])
    planted = Planted(by_link=partners_user(at=at), at=at)
    for place, site in enumerate(Site.objects.exclude(department=None).order_by("pk")):
        if place % EVERY == 0:
            planted.site(rng, site, contacts[str(site.department_id)], until)
    planted.save()
    send_one(contacts, until, at=at)


def plant_partners(*, by: User, at: datetime) -> dict[str, list[Contact]]:
    """One office of each network in each department that has a site, and who answers there."""
    known = {network.name: network for network in Network.objects.filter(name__in=NETWORKS)}
    for name, purpose in NETWORKS.items():
        if name not in known:
            known[name] = Network.objects.create(name=name, sort_key=sort_key(name), purposes=[purpose])
    departments = Department.objects.filter(pk__in=Site.objects.values("department")).order_by("code")
    number = count(1)
    offices = Office.objects.bulk_create(
        Office(
            network=known[name],
            name=f"{name} {department.name}",
            sort_key=sort_key(name, name, department.name),
            department=department,
            phone=PHONE.format(next(number)),
            address=f"{next(number) % 90 + 1} rue de la Fontaine",
        )
        for department in departments
        for name in NETWORKS
    )
    first, family = words("women") + words("men"), words("names")
    contacts: dict[str, list[Contact]] = {}
    for place, office in enumerate(offices):
        who = f"{first[place * 31 % len(first)]} {family[place * 17 % len(family)]}"
        email = f"{sort_key(who).replace(' ', '.')}.{place}@partenaires.exemple.fr"
        contact = Contact(office=office, name=who, email=email, added_at=at, added_by=by)
        contacts.setdefault(office.department_id, []).append(contact)
    Contact.objects.bulk_create(contact for row in contacts.values() for contact in row)
    return contacts


class Planted:
    """Rows gathered, then written together."""

    def __init__(self, *, by_link: User, at: datetime):
        self.by_link, self.at = by_link, at
        self.rank = count()
        self.referrals: list[Referral] = []
        self.consents: list[Consent] = []
        self.links: list[Link] = []
        self.answers: list[Answer] = []

    def site(self, rng: np.random.Generator, site: Site, contacts: list[Contact], until: date) -> None:
        held = advisor_of(site, until)
        if held is None:
            return
        met = Meeting.objects.standing().filter(site=site, held_on__range=(until - timedelta(days=200), until))
        people = Person.objects.filter(pk__in=met.values("person")).order_by("-pk")[:MOST_AT_A_SITE]
        for person in people:
            self.person(rng, person, held, contacts, until, ENDS[next(self.rank) % len(ENDS)])

    def person(self, rng, person: Person, held: Mandate, contacts: list[Contact], until: date, end: tuple) -> None:
        project = person.projects.order_by("-started_on", "pk").first()
        step = confirmed_step(person, until)
        if step and Kind.FIRST_MEETING in end:
            project, day = step.project, step.occurred_on - timedelta(days=int(rng.integers(12, 30)))
        else:
            # Long enough ago for all that is told to have happened, and for what waits not to have expired.
            first, last = (65, 85) if Kind.EXPIRED in end else AGES[len(end)]
            day = until - timedelta(days=int(rng.integers(first, last)))
            step = None
        if day < held.begins_on:
            return
        contact = contacts[int(rng.integers(0, len(contacts)))]
        sent_at = datetime.combine(day, time(9 + int(rng.integers(0, 8)), int(rng.integers(0, 60))), tzinfo=PARIS)
        purpose = NETWORKS[contact.office.network.name]
        residence = person.residences.standing().filter(ends_on=None).first()
        sheet = rules.sheet_of(fields=AGREED, person=person, residence=residence, project=project, stage="")
        referral = Referral(
            person=person,
            project=project,
            contact=contact,
            address=contact.email,
            purpose=purpose,
            message=ASKED[purpose],
            sheet=sheet,
            sent_at=sent_at,
            sent_by_id=held.user_id,
            advisor_id=held.user_id,
            open_until=sent_at + rules.OPEN_FOR + (rules.OPEN_LONGER if Kind.ACCEPTED in end else timedelta(0)),
        )
        self.referrals.append(referral)
        self.consents.append(
            Consent(
                referral=referral,
                fields=[field.value for field in AGREED],
                manner=list(Manner)[int(rng.integers(0, 3))],
                agreed_on=day,
                recorded_at=sent_at,
                recorded_by_id=held.user_id,
            )
        )
        self.links.append(
            Link(
                referral=referral,
                contact=contact,
                digest=digest_of(new_secret()),  # nobody holds the secret of an invented message
                occasion=Occasion.SENDING,
                made_at=sent_at,
            )
        )
        self.tell(rng, referral, end, step, until)

    def tell(self, rng, referral: Referral, end: tuple, step: Transition | None, until: date) -> None:
        ours = referral.sent_by_id
        self.note(referral, Kind.SENT, referral.sent_at, ours)
        told = referral.sent_at
        for kind in end:
            told += timedelta(days=int(rng.integers(1, 7)), minutes=int(rng.integers(0, 200)))
            if kind == Kind.EXPIRED:
                told = referral.open_until
            if kind == Kind.FIRST_MEETING and step:
                told = datetime.combine(step.occurred_on, time(17), tzinfo=PARIS)
            if told.date() > until or told > self.at:
                return
            said: dict[str, Any] = {}
            if kind in SAID:
                said["text"] = SAID[kind][int(rng.integers(0, len(SAID[kind])))]
                said["contact"] = referral.contact
            if kind == Kind.REFUSED:
                said["reason"] = (Reason.NOT_READY, Reason.NO_ROOM, Reason.NOT_REACHED)[int(rng.integers(0, 3))]
            if kind == Kind.OUTCOME:
                is_loan = referral.purpose == Purpose.FINANCE
                said["outcome"] = Outcome.LOAN if is_loan else Outcome.OTHER
                said["amount_cents"] = int(rng.integers(10, 80)) * 10_000 if is_loan else None
            if kind == Kind.FIRST_MEETING and step:
                said["transition"] = step
            self.note(referral, kind, told, ours if kind == Kind.WITHDRAWN else self.by_link.pk, **said)

    def note(self, referral: Referral, kind: Kind, when: datetime, by: int, **said) -> None:
        day = when.astimezone(PARIS).date()
        self.answers.append(
            Answer(referral=referral, kind=kind, occurred_on=day, recorded_at=when, recorded_by_id=by, **said)
        )

    def save(self) -> None:
        Referral.objects.bulk_create(self.referrals)
        Consent.objects.bulk_create(self.consents)
        Link.objects.bulk_create(self.links)
        Answer.objects.bulk_create(self.answers)


def advisor_of(site: Site, on: date) -> Mandate | None:
    """Who refers people there: the named advisor at her site, the latest come elsewhere."""
    held = Mandate.objects.on(on).filter(site=site, role=Role.ADVISOR)
    return held.filter(user__email=email_of("advisor")).first() or held.order_by("-begins_on").first()


def confirmed_step(person: Person, until: date) -> Transition | None:
    """A creation path opened lately on a partner's word: its referral is told."""
    steps = Transition.objects.standing().filter(person=person, stage=Stage.PARC, evidence=Evidence.PARTNER)
    return steps.filter(occurred_on__range=(until - timedelta(days=120), until)).select_related("project").first()


def send_one(contacts: dict[str, list[Contact]], until: date, *, at: datetime) -> None:
    """One referral of the named advisor's site leaves now: its message is in the data folder, and its link works."""
    site = Site.objects.exclude(department=None).order_by("pk").first()
    if site is None or until < at.astimezone(PARIS).date():
        return
    held = advisor_of(site, until)
    person = Person.objects.filter(site=site, referrals=None).exclude(phone="").order_by("-pk").first()
    if held is None or person is None:
        return
    project: Project | None = person.projects.order_by("-started_on", "pk").first()
    referral_services.send(
        person=person,
        project=project,
        contact=contacts[str(site.department_id)][0],
        purpose=Purpose.FINANCE,
        message=ASKED[Purpose.FINANCE],
        fields=AGREED,
        manner=Manner.IN_PERSON,
        agreed_on=until,
        by=held.user,
        at=at,
    )
