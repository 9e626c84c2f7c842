"""The life of the network since 2010: trainings, committees, what was announced lately, what each says of her craft,
the first weeks of who begins, and what partners offer. Everyone is invented.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import numpy as np

from citeslab.accounts.models import User
from citeslab.animation import services
from citeslab.animation.definitions import competences
from citeslab.animation.enums import Competence, MeetingKind
from citeslab.animation.models import (
    Commitment,
    Decision,
    Enrolment,
    Evaluation,
    FirstStep,
    HalfDay,
    Need,
    NetworkMeeting,
    Presence,
    Skill,
    Training,
    TrainingSession,
)
from citeslab.core.values import instant
from citeslab.demo.services.accounts import email_of
from citeslab.demo.services.methods import in_post, plant_methods
from citeslab.network.enums import Role
from citeslab.network.models import Site
from citeslab.partners.enums import Purpose
from citeslab.partners.models import Network, Offer
from citeslab.territories.models import Region

FIRST_YEAR = 2010
TRAININGS: tuple[tuple[str, str, tuple[Competence, ...]], ...] = (
    ("Accueillir, écouter, reformuler", "Mener un premier entretien qui fait avancer.", (Competence.RECEIVE,)),
    (
        "Animer un groupe qui parle",
        "Faire parler chacune et chacun, tenir le temps.",
        (Competence.GROUP, Competence.IDEA),
    ),
    ("Chiffrer une petite activité", "Prix, charges, trésorerie : le minimum qui suffit.", (Competence.MONEY,)),
    ("Aller vers", "Sortir du bureau : marchés, pieds d’immeuble, associations.", (Competence.OUTREACH,)),
    ("Qui finance, qui accompagne", "Connaître les réseaux et bien orienter.", (Competence.FUNDING,)),
    ("Statuts et droits sociaux", "Ce que l’on garde, ce que l’on perd, quand.", (Competence.STATUS,)),
    ("Intervenir en classe", "Monter une séance avec un enseignant.", (Competence.SCHOOLS, Competence.GROUP)),
    (
        "Sensibiliser avec le numérique",
        "Vidéos, téléphones, réseaux sociaux.",
        (Competence.DIGITAL, Competence.CREATIVE),
    ),
    ("Protéger les données", "Ce que l’on note, ce que l’on ne note pas.", (Competence.DATA,)),
)
PLACES = ("Paris", "Lyon", "Marseille", "Lille", "Nantes")
SESSIONS_A_YEAR = ((3, 18), (5, 24), (9, 29), (11, 20))
SEATS = 14
AGENDA = "Les chiffres de l’année\nLes méthodes partagées\nLes quartiers sans chef de projet\nQuestions"
DECISIONS = (
    "Les méthodes partagées sont publiées sous une licence ouverte.",
    "Chaque site reçoit une visite du réseau tous les deux ans.",
    "Les chiffres de l’année sont relus par deux sites avant d’être scellés.",
    "Une rencontre nationale réunit le réseau chaque année, hors de Paris.",
    "Les nouvelles et nouveaux sont parrainés pendant trois mois.",
)
TASKS = (
    "Écrire le mode d’emploi et le faire relire par trois sites",
    "Proposer trois dates à la rencontre nationale",
    "Réunir les chiffres des actions scolaires",
    "Rédiger la note sur les permanences du soir",
)
SAID = (
    "Grands groupes, en plein air comme en salle",
    "Petits budgets : je relis volontiers un prévisionnel",
    "J’ai monté un partenariat avec deux lycées",
    "Vidéos courtes, faites au téléphone",
    "",
)
STEPS = (
    (1, "Rencontrer l’équipe de la structure et du site"),
    (3, "Activer la double authentification de son compte"),
    (7, "Lire le guide du premier entretien"),
    (10, "Appeler sa marraine ou son parrain du réseau"),
    (15, "Faire le tour des quartiers du site avec un partenaire"),
    (21, "Suivre une action collective avec un collègue"),
    (30, "Rencontrer les réseaux qui financent dans le département"),
    (45, "Choisir une formation au catalogue"),
)
CHECK = "Exemple de la démonstration : à vérifier auprès du réseau."
# network, title, purpose, from and to in euros, for whom, first year, the year it ended
OFFERS: tuple[tuple[str, str, Purpose, int | None, int | None, str, int, int | None], ...] = (
    ("Adie", "Microcrédit", Purpose.FINANCE, 500, 10_000, "sans accès au crédit bancaire", 2008, 2019),
    ("Adie", "Microcrédit", Purpose.FINANCE, 500, 12_000, "sans accès au crédit bancaire", 2019, None),
    ("Initiative France", "Prêt d’honneur", Purpose.FINANCE, 3_000, 50_000, "création ou reprise", 2005, None),
    ("France Active", "Garantie d’un prêt bancaire", Purpose.FINANCE, None, 50_000, "demandeurs d’emploi", 2010, None),
    ("BGE", "Accompagnement au montage", Purpose.COACHING, None, None, "avec une idée précise", 2005, None),
    ("CMA", "Parcours du futur artisan", Purpose.COACHING, None, None, "métiers de l’artisanat", 2005, None),
    ("Couveuse", "Test d’activité, jusqu’à 12 mois", Purpose.TEST, None, None, "avant l’immatriculation", 2010, None),
)  # fmt: skip


def plant_network_life(*, seed: int, until: date, at: datetime) -> None:
    pilot = User.objects.filter(email=email_of("pilot")).first()
    if pilot is None:
        return
    rng = np.random.default_rng([seed, 31])
    plant_methods(until=until)
    plant_offers(by=pilot, at=at)
    plant_trainings(rng, until=until, by=pilot, at=at)
    plant_meetings(rng, until=until, by=pilot, at=at)
    plant_crafts(rng, until=until, at=at)
    plant_announcements(until=until, by=pilot, at=at)
    since = min(until, date(2012, 1, 9))
    FirstStep.objects.bulk_create(FirstStep(words=words, days=days, begins_on=since) for days, words in STEPS)
    services.welcome_newcomers(at=at)


def plant_offers(*, by: User, at: datetime) -> None:
    known = {network.name: network for network in Network.objects.all()}
    Offer.objects.bulk_create(
        Offer(
            network=known[name],
            purpose=purpose,
            title=title,
            amount_from_cents=lowest and lowest * 100,
            amount_to_cents=highest and highest * 100,
            audience=audience,
            conditions=CHECK,
            begins_on=date(first, 1, 1),
            ends_on=date(ended, 1, 1) if ended else None,
            recorded_at=at,
            recorded_by=by,
        )
        for name, title, purpose, lowest, highest, audience, first, ended in OFFERS
        if name in known
    )


def plant_trainings(rng: np.random.Generator, *, until: date, by: User, at: datetime) -> None:
    """Four sessions a year since 2010, each of a day; two to come, one of them full."""
    first_at = min(at, instant(date(FIRST_YEAR, 1, 11), time(10)))
    catalogue = Training.objects.bulk_create(
        Training(
            title=title,
            purpose=purpose,
            competences=[one.value for one in grown],
            recorded_at=first_at,
            recorded_by=by,
        )
        for title, purpose, grown in TRAININGS
    )
    days = [date(year, month, day) for year in range(FIRST_YEAR, until.year + 1) for month, day in SESSIONS_A_YEAR]
    held = [day for day in days if day < until]
    for place, day in enumerate(held):
        # What is not on the list of competences yet is not taught.
        taught = [one for one in catalogue if set(one.competences) & set(competences(day))]
        session, halves = open_session(taught[place * 4 % len(taught)], day, PLACES[place % 5], by=by, at=at)
        hold(rng, session, halves, [user for user, _site in in_post(day)], by=by)
    for days_ahead, seats in ((19, SEATS), (40, 6)):
        session, _halves = open_session(
            catalogue[days_ahead % len(catalogue)],
            until + timedelta(days=days_ahead),
            PLACES[0],
            seats=seats,
            by=by,
            at=at,
        )
        there = [user for user, _site in in_post(until)]
        chosen = rng.permutation(len(there))[:9].tolist()
        Enrolment.objects.bulk_create(
            Enrolment(
                session=session, user_id=there[one], is_waiting=rank >= seats, recorded_at=at, recorded_by_id=there[one]
            )
            for rank, one in enumerate(chosen)
        )


def open_session(
    training: Training, day: date, place: str, *, seats: int = SEATS, by: User, at: datetime
) -> tuple[TrainingSession, list[HalfDay]]:
    recorded_at = min(at, instant(day - timedelta(days=60), time(10)))
    session = TrainingSession.objects.create(
        training=training, place=place, seats=seats, recorded_at=recorded_at, recorded_by=by
    )
    hours = ((time(9, 30), time(12, 30)), (time(13, 30), time(16, 30)))
    halves = HalfDay.objects.bulk_create(
        HalfDay(session=session, starts_at=instant(day, start), ends_at=instant(day, end)) for start, end in hours
    )
    return session, halves


def hold(
    rng: np.random.Generator, session: TrainingSession, halves: Sequence[HalfDay], there: list[int], *, by: User
) -> None:
    chosen = rng.permutation(len(there))[:SEATS].tolist()
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            session=session, user_id=there[one], recorded_at=session.recorded_at, recorded_by_id=there[one],
            has_evaluated=rank % 3 > 0,
        )
        for rank, one in enumerate(chosen)
    )  # fmt: skip
    noted_at = halves[-1].ends_at
    absent = rng.random((len(enrolments), len(halves))) < 0.07
    Presence.objects.bulk_create(
        Presence(half_day=half, enrolment=one, recorded_at=noted_at, recorded_by=by)
        for row, one in enumerate(enrolments)
        for column, half in enumerate(halves)
        if not absent[row, column]
    )
    answered = sum(one.has_evaluated for one in enrolments)
    answers = 1 + (rng.random((answered, 3)) > 0.08) + (rng.random((answered, 3)) > 0.3)
    shown = answered // services.TOGETHER * services.TOGETHER
    Evaluation.objects.bulk_create(
        Evaluation(session=session, useful=useful, clear=clear, recommended=told, is_shown=rank < shown)
        for rank, (useful, clear, told) in enumerate(answers.tolist())
    )


def plant_meetings(rng: np.random.Generator, *, until: date, by: User, at: datetime) -> None:
    """Two committees and a network meeting a year; the last actions are still to be done; one meeting to come."""
    coordinator = User.objects.filter(email=email_of("coordinator")).first() or by
    advisor = User.objects.filter(email=email_of("advisor")).first() or by
    kinds = ((2, 6, MeetingKind.COMMITTEE), (6, 12, MeetingKind.NETWORK), (10, 9, MeetingKind.COMMITTEE))
    years = range(FIRST_YEAR, until.year + 1)
    dated = [(date(year, month, day), kind) for year in years for month, day, kind in kinds]
    held = [(day, kind) for day, kind in dated if day < until]
    for place, (day, kind) in enumerate(held):
        meeting = call(day, kind, by=by, at=at)
        there = [user for user, _site in in_post(day)]
        meeting.present.set([there[one] for one in rng.permutation(len(there))[:8].tolist()])
        told_at = min(at, meeting.ends_at + timedelta(days=1))
        Decision.objects.bulk_create(
            Decision(meeting=meeting, words=DECISIONS[(place + one) % 5], recorded_at=told_at, recorded_by=by)
            for one in range(2)
        )
        is_last = place >= len(held) - 2
        due_on = day + timedelta(days=45)
        owner = (advisor, coordinator)[place % 2] if is_last else by
        Commitment.objects.create(
            meeting=meeting,
            words=TASKS[place % 4],
            owner=owner,
            taken_on=day,
            due_on=due_on,
            recorded_at=told_at,
            recorded_by=by,
            done_at=None if is_last else min(at, instant(due_on, time(17))),
            done_by=None if is_last else owner,
        )
    call(until + timedelta(days=23), MeetingKind.NETWORK, by=by, at=at)


def call(day: date, kind: MeetingKind, *, by: User, at: datetime) -> NetworkMeeting:
    title = "Rencontre nationale du réseau" if kind == MeetingKind.NETWORK else "Comité de pilotage"
    recorded_at = min(at, instant(day - timedelta(days=40), time(10)))
    return NetworkMeeting.objects.create(
        kind=kind,
        title=f"{title} {day.year}",
        starts_at=instant(day, time(10)),
        ends_at=instant(day, time(16)),
        place=PLACES[day.year % 5],
        agenda=AGENDA,
        others="Les financeurs nationaux" if kind == MeetingKind.COMMITTEE and recorded_at < at else "",
        recorded_at=recorded_at,
        recorded_by=by,
        changed_at=recorded_at,
    )


def plant_crafts(rng: np.random.Generator, *, until: date, at: datetime) -> None:
    """Two in five say what they can help with; one in two, what they wish to grow."""
    listed = [one.value for one in competences(until)]
    users = sorted({user for user, _site in in_post(until)})
    can, wish = rng.random(len(users)) < 0.4, rng.random(len(users)) < 0.5
    picks = rng.integers(0, len(listed), (len(users), 2)).tolist()
    Skill.objects.bulk_create(
        Skill(user_id=user, competence=listed[pick], words=SAID[user % 5], recorded_at=at, recorded_by_id=user)
        for user, (pick, _other), says in zip(users, picks, can, strict=True)
        if says
    )
    Need.objects.bulk_create(
        Need(user_id=user, competence=listed[pick], recorded_at=at, recorded_by_id=user)
        for user, (_other, pick), says in zip(users, picks, wish, strict=True)
        if says
    )


def plant_announcements(*, until: date, by: User, at: datetime) -> None:
    """The pilot's, one of them kept at the top and one for a region; a coordinator's, for her sites."""
    lately, before = min(at, instant(until - timedelta(days=4), time(9))), instant(until - timedelta(days=34), time(9))
    services.announce(
        title="La rencontre nationale est ouverte aux inscriptions",
        words="Venez avec une méthode à montrer : dix minutes chacune et chacun, puis des questions.",
        roles=[Role.ADVISOR, Role.COORDINATOR],
        pinned_until=until + timedelta(days=20),
        by=by,
        at=lately,
    )
    services.announce(
        title="Les chiffres de l’année sont à relire",
        words="Deux heures suffisent : les adresses à vérifier d’abord, puis les fiches sans nouvelles.",
        roles=[Role.ADVISOR],
        by=by,
        at=before,
    )
    coordinator = User.objects.filter(email=email_of("coordinator")).first()
    mandate = coordinator.mandates.on(until).filter(role=Role.COORDINATOR).first() if coordinator else None
    if coordinator and mandate:
        services.announce(
            title="La permanence du mardi change de salle",
            words="Jusqu’aux travaux finis, elle se tient à la médiathèque.",
            roles=[Role.ADVISOR],
            organization=mandate.organization,
            by=coordinator,
            at=lately,
        )
    region = Region.objects.filter(departments__in=Site.objects.values("department")).order_by("pk").first()
    if region:
        services.announce(
            title="Un comité régional se prépare",
            words="Dites à votre coordination ce que vous souhaitez y porter.",
            roles=[Role.ADVISOR, Role.COORDINATOR],
            regions=[region],
            by=by,
            at=before,
        )
