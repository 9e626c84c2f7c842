"""One factory per model, boring on purpose."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import factory
from django.utils import timezone

from citeslab.accounts.models import User
from citeslab.agenda.enums import ContactOutcome, Wish
from citeslab.agenda.models import Appointment, ContactAnswer, FirstContact, MoveRequest, PublicName, Surgery
from citeslab.animation import models as animation
from citeslab.core.values import sort_key
from citeslab.desk import enums as desk_enums
from citeslab.desk.models import BulkAct, Export, SavedFilter
from citeslab.duplicates.enums import Band, Origin
from citeslab.duplicates.models import Difference, Inquiry, Join, JoinRequest, Likeness
from citeslab.figures.models import Grid, Pattern, PersonYear, Publication, Report, Target
from citeslab.files.models import StoredFile
from citeslab.followup.enums import ExitReason, Labour, Moment, Nature, Stage
from citeslab.followup.enums import Kind as NextKind
from citeslab.followup.models import (
    FSEAnswer,
    LaterNews,
    Meeting,
    NextStep,
    NoNewsProposal,
    Note,
    PlanStep,
    Transition,
)
from citeslab.funding import enums as funding_enums
from citeslab.funding import models as funding
from citeslab.intake.models import Workbook
from citeslab.intake.values import COLUMNS
from citeslab.network.enums import HandoverReason, Role
from citeslab.network.models import (
    Coverage,
    FormerName,
    FSEPlus,
    Handover,
    HostOrganization,
    Import,
    Invitation,
    Mandate,
    Merger,
    Post,
    Site,
    Tenure,
)
from citeslab.notifications.enums import Channel
from citeslab.notifications.models import Message
from citeslab.partners.enums import Purpose
from citeslab.partners.models import Contact, Network, Offer, Office
from citeslab.people.enums import AssignmentReason, OpeningPurpose, Sex
from citeslab.people.models import Assignment, HouseholdTie, Opening, Person, Residence, ResidenceAnswer
from citeslab.projects.models import Project, ProjectHolder
from citeslab.referrals import enums as referrals_enums
from citeslab.referrals import models as referrals
from citeslab.rights import enums as rights_enums
from citeslab.rights import models as rights
from citeslab.rights.definitions import NOTICE_VERSION
from citeslab.territories.enums import Answer, Edition, Territory
from citeslab.territories.models import QPV, Commune, Department, Region, Release
from citeslab.website.models import Announcement, Picture, Story
from citeslab.workshops.enums import Kind, Occasion, State
from citeslab.workshops.models import (
    ActionShare,
    Attendance,
    Call,
    HeadCount,
    Opinion,
    PlaceAnswer,
    Presence,
    Quota,
    Registration,
    Session,
    Sheet,
    Signature,
    Workshop,
)

LONG_AGO = datetime(2016, 1, 4, 9, 0, tzinfo=UTC)


class Any(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True


class AnyUser(Any):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    name = factory.Sequence(lambda n: f"Camille Exemple{n}")
    password = "!"
    created_at = LONG_AGO


class AnyRegion(Any):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "27"
    name = "Bourgogne-Franche-Comté"


class AnyDepartment(Any):
    class Meta:
        model = Department
        django_get_or_create = ("code",)

    code = "25"
    name = "Doubs"
    region = factory.SubFactory(AnyRegion)


class AnyCommune(Any):
    class Meta:
        model = Commune
        django_get_or_create = ("code",)

    code = "25056"
    name = "Besançon"
    sort_key = "besancon"
    kind = "COMMUNE"
    department = factory.SubFactory(AnyDepartment)
    postal_codes = ["25000"]
    longitude = 6.0182
    latitude = 47.2602


class AnyRelease(Any):
    class Meta:
        model = Release
        django_get_or_create = ("edition", "released_on")

    edition = Edition.E2024
    released_on = date(2026, 1, 15)
    source = "qpv.geojson"
    sha256 = "0" * 64
    qpv_count = 0
    repaired_count = 0
    loaded_at = LONG_AGO
    loaded_by = factory.SubFactory(AnyUser)


class AnyQPV(Any):
    class Meta:
        model = QPV

    release = factory.SubFactory(AnyRelease)
    code = factory.Sequence(lambda n: f"QN{n % 100_000:05d}M")
    name = factory.Sequence(lambda n: f"Quartier {n}")
    department_code = "25"
    outline = b""


class AnyHostOrganization(Any):
    class Meta:
        model = HostOrganization

    name = factory.Sequence(lambda n: f"Structure {n}")
    sort_key = factory.LazyAttribute(lambda organization: sort_key(organization.name))


class AnySite(Any):
    class Meta:
        model = Site

    code = factory.Sequence(lambda n: f"SITE{n}")
    name = factory.Sequence(lambda n: f"Site {n}")
    sort_key = factory.LazyAttribute(lambda site: sort_key(site.name))
    organization = factory.SubFactory(AnyHostOrganization)
    department = factory.SubFactory(AnyDepartment)
    opened_on = date(2002, 1, 1)


class AnyPost(Any):
    class Meta:
        model = Post

    site = factory.SubFactory(AnySite)
    begins_on = date(2002, 1, 1)


class AnyTenure(Any):
    class Meta:
        model = Tenure

    post = factory.SubFactory(AnyPost)
    user = factory.SubFactory(AnyUser)
    begins_on = date(2002, 1, 1)


class AnyCoverage(Any):
    class Meta:
        model = Coverage

    site = factory.SubFactory(AnySite)
    edition = Edition.E2015
    qpv_code = factory.Sequence(lambda n: f"QP{n:06d}")
    begins_on = date(2015, 1, 1)


class AnyMandate(Any):
    class Meta:
        model = Mandate

    user = factory.SubFactory(AnyUser)
    role = Role.ADVISOR
    site = factory.SubFactory(AnySite)
    begins_on = date(2002, 1, 1)


class AnyPerson(Any):
    class Meta:
        model = Person

    site = factory.SubFactory(AnySite)
    reference = factory.Sequence(lambda n: f"P{n:05d}")
    first_name = "Élodie"
    preferred_name = factory.Sequence(lambda n: f"Exemple{n}")
    sort_key = factory.LazyAttribute(lambda person: sort_key(person.preferred_name, person.first_name))
    sex = Sex.WOMAN
    recorded_at = factory.LazyFunction(timezone.now)  # not met yet, she is among those accompanied these days
    recorded_by = factory.SubFactory(AnyUser)


class AnyFact(Any):
    class Meta:
        abstract = True

    recorded_at = LONG_AGO
    recorded_by = factory.SubFactory(AnyUser)


class AnyResidence(AnyFact):
    class Meta:
        model = Residence

    person = factory.SubFactory(AnyPerson)
    longitude = 6.0182
    latitude = 47.2602
    territory = Territory.METROPOLE


class AnyResidenceAnswer(AnyFact):
    class Meta:
        model = ResidenceAnswer

    residence = factory.SubFactory(AnyResidence)
    edition = Edition.E2024
    release = factory.SubFactory(AnyRelease)
    answer = Answer.OUT


class AnyProject(Any):
    class Meta:
        model = Project

    site = factory.SubFactory(AnySite)
    title = "Traiteur"
    started_on = date(2016, 3, 1)
    recorded_at = LONG_AGO
    recorded_by = factory.SubFactory(AnyUser)


class AnyProjectHolder(Any):
    class Meta:
        model = ProjectHolder

    project = factory.SubFactory(AnyProject)
    person = factory.SubFactory(AnyPerson)


class AnyMeeting(AnyFact):
    class Meta:
        model = Meeting

    person = factory.SubFactory(AnyPerson)
    site = factory.SelfAttribute("person.site")
    held_on = date(2016, 3, 1)
    nature = Nature.FOLLOW_UP


class AnyTransition(AnyFact):
    class Meta:
        model = Transition

    person = factory.SubFactory(AnyPerson)
    site = factory.SelfAttribute("person.site")
    occurred_on = date(2016, 3, 1)
    stage = Stage.ACCU
    exit_reason = factory.LazyAttribute(lambda step: ExitReason.NO_NEWS if step.stage == Stage.SORT else "")


class AnyWorkshop(Any):
    class Meta:
        model = Workshop

    site = factory.SubFactory(AnySite)
    held_on = date(2016, 3, 1)
    kind = Kind.GENERAL
    title = "Oser son idée"
    recorded_at = LONG_AGO
    recorded_by = factory.SubFactory(AnyUser)


class AnyActionShare(Any):
    class Meta:
        model = ActionShare

    workshop = factory.SubFactory(AnyWorkshop)
    agreement = factory.LazyAttribute(lambda share: AnyAgreement(organization=share.workshop.site.organization))
    share = 10_000


class AnySession(Any):
    class Meta:
        model = Session

    workshop = factory.SubFactory(AnyWorkshop)
    starts_at = LONG_AGO
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(hours=3))


class AnyRegistration(AnyFact):
    class Meta:
        model = Registration

    workshop = factory.SubFactory(AnyWorkshop)
    person = factory.SubFactory(AnyPerson)
    number = factory.Sequence(lambda n: n + 1)


class AnyGuest(AnyRegistration):
    """A registration of someone who has no file."""

    person = None
    first_name = "Nour"
    preferred_name = "Bensaïd"


class AnyCall(Any):
    class Meta:
        model = Call

    registration = factory.SubFactory(AnyRegistration)
    occasion = Occasion.OFFER
    asked_at = LONG_AGO


class AnyQuota(Any):
    class Meta:
        model = Quota

    workshop = factory.SubFactory(AnyWorkshop, capacity=10)
    seats = 2
    kept_until = factory.SelfAttribute("workshop.held_on")


class AnyPresence(AnyFact):
    class Meta:
        model = Presence

    registration = factory.SubFactory(AnyRegistration)
    session = factory.LazyAttribute(lambda one: AnySession(workshop=one.registration.workshop))
    state = State.PRESENT
    key = factory.LazyFunction(uuid4)
    told_at = LONG_AGO


class AnySignature(AnyFact):
    class Meta:
        model = Signature

    registration = factory.SubFactory(AnyRegistration)
    session = factory.LazyAttribute(lambda one: AnySession(workshop=one.registration.workshop))
    strokes = factory.LazyFunction(lambda: [[[100, 200], [300, 100], [500, 300]]])
    key = factory.LazyFunction(uuid4)
    told_at = LONG_AGO


class AnySheet(Any):
    class Meta:
        model = Sheet

    workshop = factory.SubFactory(AnyWorkshop)
    number = factory.Sequence(lambda n: n + 1)
    lines = 1
    head = "a" * 64
    digest = factory.Sequence(lambda n: f"{n:064x}")
    made_at = LONG_AGO
    made_by = factory.SubFactory(AnyUser)


class AnyOpinion(Any):
    class Meta:
        model = Opinion

    workshop = factory.SubFactory(AnyWorkshop)
    given_on = date(2016, 3, 1)
    key = factory.LazyFunction(uuid4)
    useful = understood = next_step = 3


class AnyPlaceAnswer(Any):
    class Meta:
        model = PlaceAnswer

    workshop = factory.SubFactory(AnyWorkshop)
    edition = Edition.E2015
    release = factory.SubFactory(AnyRelease)
    answer = Answer.OUT
    made_at = LONG_AGO


class AnyAttendance(AnyFact):
    class Meta:
        model = Attendance

    workshop = factory.SubFactory(AnyWorkshop)
    person = factory.SubFactory(AnyPerson)


class AnyHeadCount(AnyFact):
    class Meta:
        model = HeadCount

    workshop = factory.SubFactory(AnyWorkshop)
    sex = Sex.UNKNOWN
    heads = 5


# -- lists


class AnyAssignment(AnyFact):
    class Meta:
        model = Assignment

    person = factory.SubFactory(AnyPerson)
    advisor = factory.SubFactory(AnyUser)
    begins_on = date(2016, 3, 1)
    reason = AssignmentReason.CHOSEN


# -- partners, referrals


class AnyNetwork(Any):
    class Meta:
        model = Network
        django_get_or_create = ("name",)  # the known ones come with the migrations

    name = factory.Sequence(lambda n: f"Réseau {n}")
    sort_key = factory.LazyAttribute(lambda network: sort_key(network.name))
    purposes = ["FINANCE", "COACHING"]


class AnyOffice(Any):
    class Meta:
        model = Office

    network = factory.SubFactory(AnyNetwork)
    name = factory.Sequence(lambda n: f"Antenne {n}")
    sort_key = factory.LazyAttribute(lambda office: sort_key(office.network.name, office.name))
    department = factory.SubFactory(AnyDepartment)


class AnyOffer(Any):
    class Meta:
        model = Offer

    network = factory.SubFactory(AnyNetwork)
    purpose = Purpose.FINANCE
    title = "Microcrédit"
    begins_on = date(2016, 1, 1)
    recorded_at = LONG_AGO
    recorded_by = factory.SubFactory(AnyUser)


class AnyContact(Any):
    class Meta:
        model = Contact

    office = factory.SubFactory(AnyOffice)
    name = "Paul Garrigue"
    email = factory.Sequence(lambda n: f"contact{n}@partenaire.example")
    added_at = LONG_AGO
    added_by = factory.SubFactory(AnyUser)


# -- intake


class AnyWorkbook(Any):
    class Meta:
        model = Workbook

    site = factory.SubFactory(AnySite)
    name = "classeur.xlsx"
    sha256 = "0" * 64
    content = b"never read"
    findings = factory.LazyFunction(
        lambda: {
            "faults": [{"sheet": "Personnes", "row": 2, "column": "Nom", "value": "", "code": "required"}],
            "consequences": [],
            "remarks": [],
            "figures": [],
            "counts": {
                sheet: {"created": 0, "updated": 0, "unchanged": 0, "absent": 0, "refused": 0} for sheet in COLUMNS
            },
        }
    )
    sent_at = LONG_AGO
    sent_by = factory.SubFactory(AnyUser)
    taken_in_at = LONG_AGO
    taken_in_by = factory.SubFactory(AnyUser)


# -- notifications


class AnyMessage(Any):
    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"tests.message:{n}")
    channel = Channel.EMAIL
    recipient = "quelqu-un@example.org"
    body = "Bonjour"
    posted_at = LONG_AGO
    send_after = LONG_AGO


# -- network: invitations


class AnyInvitation(Any):
    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"invitee{n}@example.org")
    role = Role.ADVISOR
    site = factory.SubFactory(AnySite)
    begins_on = date(2002, 1, 1)
    digest = factory.Sequence(lambda n: f"{n:064d}")
    invited_at = LONG_AGO
    invited_by = factory.SubFactory(AnyUser)
    expires_at = datetime(2100, 1, 1, tzinfo=UTC)


# -- network: history and files


class AnyFormerName(Any):
    class Meta:
        model = FormerName

    site = factory.SubFactory(AnySite)
    name = "SAP de la Boucle"
    sort_key = factory.LazyAttribute(lambda former: sort_key(former.name))
    until = date(2009, 1, 1)


class AnyMerger(Any):
    class Meta:
        model = Merger

    absorbed = factory.SubFactory(AnyHostOrganization)
    into = factory.SubFactory(AnyHostOrganization)
    merged_on = date(2016, 1, 1)
    made_at = LONG_AGO
    made_by = factory.SubFactory(AnyUser)


class AnyImport(Any):
    class Meta:
        model = Import

    kind = "STRUCTURES"
    name = "structures.csv"
    content = b"Structure;Antenne;Code;Commune;Ouverte le\n"
    findings = factory.LazyFunction(
        lambda: {"rows": 0, "changed": 0, "unchanged": 0, "changes": [], "faults": [], "ignored": []}
    )
    sent_at = LONG_AGO
    sent_by = factory.SubFactory(AnyUser)


# -- people: openings


class AnyOpening(Any):
    class Meta:
        model = Opening

    person = factory.SubFactory(AnyPerson)
    user = factory.SubFactory(AnyUser)
    purpose = OpeningPurpose.SHE_CAME
    reason = "Elle est venue ce matin"
    opened_at = LONG_AGO
    ends_at = datetime(2016, 1, 5, 9, 0, tzinfo=UTC)


# -- people


class AnyHouseholdTie(AnyFact):
    class Meta:
        model = HouseholdTie

    one = factory.SubFactory(AnyPerson)
    other = factory.SubFactory(AnyPerson)


# -- followup


class AnyFSEPlus(Any):
    class Meta:
        model = FSEPlus

    site = factory.SubFactory(AnySite)
    reference = "FSE-2024-0001"
    begins_on = date(2024, 1, 1)


class AnyNote(AnyFact):
    class Meta:
        model = Note

    meeting = factory.SubFactory(AnyMeeting)
    text = "Devis du triporteur reçu."


class AnyNextStep(AnyFact):
    class Meta:
        model = NextStep

    person = factory.SubFactory(AnyPerson)
    kind = NextKind.CALL
    due_on = date(2016, 3, 15)


class AnyPlanStep(AnyFact):
    class Meta:
        model = PlanStep

    person = factory.SubFactory(AnyPerson)
    what = "Demander deux devis"


class AnyNoNewsProposal(AnyFact):
    class Meta:
        model = NoNewsProposal

    person = factory.SubFactory(AnyPerson)
    last_contact_on = date(2016, 3, 1)


class AnyLaterNews(AnyFact):
    class Meta:
        model = LaterNews

    since = factory.SubFactory(AnyTransition, stage=Stage.PARC)
    person = factory.SelfAttribute("since.person")
    months = 6
    due_on = date(2016, 9, 1)


class AnyFSEAnswer(AnyFact):
    class Meta:
        model = FSEAnswer

    person = factory.SubFactory(AnyPerson)
    moment = Moment.ENTRY
    answered_on = date(2024, 3, 1)
    labour = Labour.LONG


# -- figures


class AnyPublication(Any):
    """A year of seven people, two of whom are hidden."""

    class Meta:
        model = Publication

    year = 2016
    number = factory.Sequence(lambda rank: rank + 1)
    threshold = 5
    definitions = "0" * 64
    cells = [
        ["met", "persons_met", {}, 7, False],
        ["supported_by_region_and_sex", "persons_supported", {"territory": "*", "sex": "*"}, 7, False],
        ["supported_by_region_and_sex", "persons_supported", {"territory": "*", "sex": "WOMAN"}, 5, True],
        ["supported_by_region_and_sex", "persons_supported", {"territory": "*", "sex": "MAN"}, 2, True],
        ["supported_by_department_of_site", "persons_supported", {"department": "25"}, 7, False],
    ]
    summary = {
        "cells": 5,
        "hidden": 2,
        "small": 1,
        "protecting": 1,
        "leaks": 0,
        "threshold": 5,
        "territories": [["UNKNOWN", "elsewhere", "*", ""]],
    }
    digest = factory.LazyFunction(lambda: uuid4().hex * 2)
    made_at = factory.LazyFunction(timezone.now)
    made_by = factory.SubFactory(AnyUser)


class AnyReport(Any):
    """The report of a site."""

    class Meta:
        model = Report

    class Params:
        site = factory.SubFactory(AnySite)

    kind = "SITE"
    level = "site"
    code = factory.LazyAttribute(lambda made: str(made.site.pk))
    year = 2016
    reference = factory.LazyAttribute(lambda made: f"site-{made.code}-{made.year}")
    begun_at = LONG_AGO
    begun_by = factory.SubFactory(AnyUser)


class AnyTarget(Any):
    """A number of people supported, for a site."""

    class Meta:
        model = Target

    class Params:
        site = factory.SubFactory(AnySite)

    year = 2016
    indicator = "persons_supported"
    level = "site"
    code = factory.LazyAttribute(lambda made: str(made.site.pk))
    aim = 100
    recorded_at = LONG_AGO
    recorded_by = factory.SubFactory(AnyUser)


# -- animation


class AnyMethod(AnyFact):
    class Meta:
        model = animation.Method

    site = factory.SubFactory(AnySite)


class AnyVersion(Any):
    """A published version of a method."""

    class Meta:
        model = animation.Version

    method = factory.SubFactory(AnyMethod)
    number = 1
    title = "La boîte à idées"
    purpose = "Chacune repart avec une première idée dite."
    audience = "Huit à douze adultes"
    licence = "CC_BY"
    sort_key = factory.LazyAttribute(lambda version: sort_key(version.title, version.purpose, version.audience))
    written_at = LONG_AGO
    written_by = factory.SubFactory(AnyUser)
    published_at = LONG_AGO
    published_by = factory.SelfAttribute("written_by")


class AnyDraft(AnyVersion):
    published_at = None
    published_by = None


class AnyStep(Any):
    class Meta:
        model = animation.Step

    version = factory.SubFactory(AnyVersion)
    place = factory.Sequence(lambda n: n + 1)
    minutes = 20
    words = "Chacune dit son idée en deux phrases."


class AnyTraining(Any):
    class Meta:
        model = animation.Training

    title = "Animer un atelier"
    purpose = "Faire parler chacune et chacun."
    competences = ["GROUP"]
    recorded_at = LONG_AGO
    recorded_by = factory.SubFactory(AnyUser)


class AnyTrainingSession(Any):
    """A session of a half-day in three weeks."""

    class Meta:
        model = animation.TrainingSession
        skip_postgeneration_save = True

    training = factory.SubFactory(AnyTraining)
    place = "Besançon"
    seats = 12
    recorded_at = LONG_AGO
    recorded_by = factory.SubFactory(AnyUser)
    half_day = factory.RelatedFactory("tests.factories.AnyHalfDay", "session")


class AnyHalfDay(Any):
    class Meta:
        model = animation.HalfDay

    session = factory.SubFactory(AnyTrainingSession, half_day=None)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=21))
    ends_at = factory.LazyAttribute(lambda half_day: half_day.starts_at + timedelta(hours=3))


class AnyEnrolment(AnyFact):
    class Meta:
        model = animation.Enrolment

    session = factory.SubFactory(AnyTrainingSession)
    user = factory.SubFactory(AnyUser)


class AnyTrainingPresence(AnyFact):
    class Meta:
        model = animation.Presence

    enrolment = factory.SubFactory(AnyEnrolment)
    half_day = factory.LazyAttribute(lambda presence: presence.enrolment.session.half_days.get())


class AnyEvaluation(Any):
    class Meta:
        model = animation.Evaluation

    session = factory.SubFactory(AnyTrainingSession)
    useful = 3
    clear = 3
    recommended = 3


class AnyNeed(AnyFact):
    class Meta:
        model = animation.Need

    user = factory.SubFactory(AnyUser)
    competence = "GROUP"


class AnySkill(AnyFact):
    class Meta:
        model = animation.Skill

    user = factory.SubFactory(AnyUser)
    competence = "GROUP"
    words = "Grands groupes, en plein air"


class AnyNetworkMeeting(Any):
    class Meta:
        model = animation.NetworkMeeting

    kind = "NETWORK"
    title = "Rencontre du réseau"
    starts_at = LONG_AGO
    ends_at = factory.LazyAttribute(lambda meeting: meeting.starts_at + timedelta(hours=3))
    recorded_at = LONG_AGO
    recorded_by = factory.SubFactory(AnyUser)
    changed_at = LONG_AGO


class AnyDecision(AnyFact):
    class Meta:
        model = animation.Decision

    meeting = factory.SubFactory(AnyNetworkMeeting)
    words = "La rencontre aura lieu chaque année."


class AnyCommitment(AnyFact):
    class Meta:
        model = animation.Commitment

    meeting = factory.SubFactory(AnyNetworkMeeting)
    words = "Écrire le mode d’emploi"
    owner = factory.SubFactory(AnyUser)
    taken_on = date(2016, 1, 4)
    due_on = date(2016, 2, 1)


class AnyAnnouncement(AnyFact):
    class Meta:
        model = animation.Announcement

    title = "Rencontre le 12 mars"
    words = "Inscrivez-vous avant la fin du mois."
    roles = ["ADVISOR"]
    recorded_at = factory.LazyFunction(timezone.now)


class AnyReadMark(Any):
    class Meta:
        model = animation.ReadMark

    announcement = factory.SubFactory(AnyAnnouncement)
    user = factory.SubFactory(AnyUser)


class AnyFirstStep(Any):
    class Meta:
        model = animation.FirstStep

    words = "Rencontrer sa binôme"
    days = 7
    begins_on = date(2016, 1, 1)


class AnyWelcome(Any):
    class Meta:
        model = animation.Welcome

    mandate = factory.SubFactory(AnyMandate)
    made_at = LONG_AGO


class AnyWelcomeStep(Any):
    class Meta:
        model = animation.WelcomeStep

    welcome = factory.SubFactory(AnyWelcome)
    step = factory.SubFactory(AnyFirstStep)
    due_on = date(2016, 1, 8)


# -- agenda


class AnySurgery(Any):
    class Meta:
        model = Surgery

    site = factory.SubFactory(AnySite)
    advisor = factory.SubFactory(AnyUser)
    place = "Maison de quartier"
    address = "2 place des Tilleuls"
    weekdays = [3]
    from_time = time(10)
    until_time = time(12)
    slot_minutes = 30
    begins_on = date(2026, 1, 1)
    changed_at = LONG_AGO
    changed_by = factory.SelfAttribute("advisor")


class AnyAppointment(Any):
    class Meta:
        model = Appointment

    person = factory.SubFactory(AnyPerson)
    advisor = factory.SubFactory(AnyUser)
    site = factory.SelfAttribute("person.site")
    starts_at = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    ends_at = factory.LazyAttribute(lambda one: one.starts_at + timedelta(minutes=45))
    place = "Maison de quartier"
    booked_at = LONG_AGO
    booked_by = factory.SelfAttribute("advisor")
    changed_at = LONG_AGO


class AnyFirstContact(Any):
    """Someone who asks to be called."""

    class Meta:
        model = FirstContact

    site = factory.SubFactory(AnySite)
    name = "Nour Bensaïd"
    phone = "+33639980142"
    wish = Wish.CALL
    received_at = factory.LazyFunction(timezone.now)
    last_at = factory.SelfAttribute("received_at")


class AnyBookedOnline(AnyAppointment):
    """A time that someone without a file booked herself."""

    person = None
    contact = factory.SubFactory(AnyFirstContact, wish=Wish.BOOK)
    site = factory.SelfAttribute("contact.site")
    channel = "ONLINE"


class AnyContactAnswer(AnyFact):
    class Meta:
        model = ContactAnswer

    contact = factory.SubFactory(AnyFirstContact)
    outcome = ContactOutcome.TRIED


class AnyPublicName(AnyFact):
    class Meta:
        model = PublicName

    advisor = factory.SubFactory(AnyUser)
    first_name = "Inès"


# -- rights


class AnyNotice(AnyFact):
    class Meta:
        model = rights.Notice

    person = factory.SubFactory(AnyPerson)
    version = NOTICE_VERSION
    given_on = date(2026, 11, 2)
    way = rights_enums.Way.SPOKEN


class AnySaidConsent(AnyFact):
    class Meta:
        model = rights.Consent

    person = factory.SubFactory(AnyPerson)
    purpose = rights_enums.Purpose.INVITATIONS
    said = rights_enums.Said.YES
    said_on = date(2026, 11, 2)
    way = rights_enums.Way.SPOKEN


class AnyAccessCode(Any):
    class Meta:
        model = rights.AccessCode

    person = factory.SubFactory(AnyPerson)
    digest = factory.Sequence(lambda n: f"{n:064x}")
    asked_by_her = False
    made_at = LONG_AGO
    made_by = factory.SubFactory(AnyUser)
    expires_at = LONG_AGO


class AnyCorrectionRequest(Any):
    class Meta:
        model = rights.CorrectionRequest

    person = factory.SubFactory(AnyPerson)
    text = "Mon nom s’écrit avec un y."
    asked_at = LONG_AGO


class AnyStillInTouch(AnyFact):
    class Meta:
        model = rights.StillInTouch

    person = factory.SubFactory(AnyPerson)
    said_on = date(2026, 11, 2)
    reason = "Attend la réponse de sa banque."
    way = rights_enums.Way.PHONE


class AnyClosing(Any):
    class Meta:
        model = rights.Closing

    person = factory.SubFactory(AnyPerson)
    last_contact_on = date(2016, 3, 1)
    announced_on = date(2026, 10, 1)
    is_sent = False


class AnyHold(AnyFact):
    class Meta:
        model = rights.Hold

    person = factory.SubFactory(AnyPerson)
    ground = rights_enums.Ground.EUROPEAN_FUND
    until = date(2030, 12, 31)


class AnyAnonymisation(Any):
    class Meta:
        model = rights.Anonymisation

    site = factory.SubFactory(AnySite)
    cause = rights_enums.Cause.RETENTION
    people = 1
    at = LONG_AGO
    by = factory.SubFactory(AnyUser)


# -- figures


class AnyGrid(Any):
    class Meta:
        model = Grid

    indicator = "persons_supported"
    year = factory.Sequence(lambda n: 2002 + n)
    definition = "0" * 64
    changes_seen = 0
    cells = []


class AnyPattern(Any):
    class Meta:
        model = Pattern

    table = factory.Sequence(lambda n: f"persons_supported {2002 + n} -")
    digest = "0" * 64
    hidden = []


class AnyPersonYear(Any):
    class Meta:
        model = PersonYear

    person_id = factory.Sequence(lambda n: n + 10**9)
    year = 2024
    site_id = 1
    sex = Sex.WOMAN
    answer = Answer.OUT
    qpv = "UNKNOWN"
    situation = "other"
    supported = 1


# -- duplicates


class AnyLikeness(Any):
    class Meta:
        model = Likeness

    first = factory.SubFactory(AnyPerson)
    second = factory.SubFactory(AnyPerson)
    bits = 12.5
    band = Band.SAME
    evidence = ["first:SAME", "family:SAME", "born:SAME", "phone:OTHER"]
    found_at = LONG_AGO


class AnyJoinRequest(Any):
    class Meta:
        model = JoinRequest

    ours = factory.SubFactory(AnyPerson)
    theirs = factory.SubFactory(AnyPerson)
    asking_site = factory.SelfAttribute("ours.site")
    asked_site = factory.SelfAttribute("theirs.site")
    origin = Origin.MATCHING
    asked_at = LONG_AGO
    asked_by = factory.SubFactory(AnyUser)


class AnyDifference(AnyFact):
    class Meta:
        model = Difference

    first = factory.SubFactory(AnyPerson)
    second = factory.SubFactory(AnyPerson)
    reason = "Deux cousines"


class AnyInquiry(Any):
    class Meta:
        model = Inquiry

    asked_at = LONG_AGO
    asked_by = factory.SubFactory(AnyUser)
    digest = factory.Sequence(lambda n: f"{n:064x}")
    found = factory.SubFactory(AnyPerson)


class AnyJoin(Any):
    class Meta:
        model = Join

    kept_key = factory.Sequence(lambda n: 10**12 + 2 * n)  # of nobody: a key that was somebody's leads to her
    gone_key = factory.Sequence(lambda n: 10**12 + 2 * n + 1)
    kept_site = factory.SubFactory(AnySite)
    gone_site = factory.SelfAttribute("kept_site")
    joined_at = LONG_AGO
    joined_by = factory.SubFactory(AnyUser)


# -- agenda


class AnyMoveRequest(Any):
    class Meta:
        model = MoveRequest

    appointment = factory.SubFactory(AnyAppointment)
    words = "Plutôt le matin"
    asked_at = LONG_AGO


# -- referrals


class AnyReferral(Any):
    class Meta:
        model = referrals.Referral

    person = factory.SubFactory(AnyPerson)
    contact = factory.SubFactory(AnyContact)
    address = "contact@partenaire.example"
    purpose = Purpose.FINANCE
    message = "Un triporteur"
    sheet = factory.LazyFunction(lambda: {"NAME": "Élodie Exemple"})
    sent_at = LONG_AGO
    sent_by = factory.SubFactory(AnyUser)
    advisor = factory.SelfAttribute("sent_by")
    open_until = datetime(2100, 1, 1, tzinfo=UTC)


class AnySheetConsent(Any):
    class Meta:
        model = referrals.Consent

    referral = factory.SubFactory(AnyReferral)
    fields = [referrals_enums.SheetField.NAME]
    manner = referrals_enums.Manner.IN_PERSON
    agreed_on = date(2016, 1, 4)
    recorded_at = LONG_AGO
    recorded_by = factory.SubFactory(AnyUser)


class AnyAnswer(AnyFact):
    class Meta:
        model = referrals.Answer

    referral = factory.SubFactory(AnyReferral)
    kind = referrals_enums.Kind.SENT
    occurred_on = date(2016, 1, 4)


# -- website


class AnyStory(Any):
    """A draft, of nobody whose file is here."""

    class Meta:
        model = Story

    site = factory.SubFactory(AnySite)
    first_name = "Samira"
    title = "Le pain de ma mère"
    words = "J’ai poussé la porte un mardi.\n\nAujourd’hui je vends au marché."
    written_at = LONG_AGO
    written_by = factory.SubFactory(AnyUser)


class AnyToldStory(AnyStory):
    """One that everyone may read."""

    agreed_at = LONG_AGO
    agreed_by = factory.SelfAttribute("written_by")
    agreed_way = rights_enums.Way.PAPER
    published_at = LONG_AGO
    published_by = factory.SelfAttribute("written_by")


class AnyPicture(Any):
    class Meta:
        model = Picture

    story = factory.SubFactory(AnyStory)
    content = b"RIFF"
    description = "Samira derrière son comptoir"
    width = 320
    height = 240
    added_at = LONG_AGO
    added_by = factory.SubFactory(AnyUser)


class AnyPressAnnouncement(Any):
    class Meta:
        model = Announcement

    title = "Les quinze ans de CitésLab"
    words = "Le réseau a quinze ans.\n\nIl continue."
    published_at = LONG_AGO
    published_by = factory.SubFactory(AnyUser)


# -- desk


class AnySavedFilter(Any):
    class Meta:
        model = SavedFilter

    user = factory.SubFactory(AnyUser)
    name = factory.Sequence(lambda n: f"Filtre {n}")
    query = "view=silent"
    saved_at = LONG_AGO


class AnyExport(Any):
    class Meta:
        model = Export

    user = factory.SubFactory(AnyUser)
    format = desk_enums.Format.CSV
    purpose = desk_enums.Purpose.MEETING
    rows = 600
    asked_at = LONG_AGO


class AnyBulkAct(Any):
    class Meta:
        model = BulkAct

    user = factory.SubFactory(AnyUser)
    kind = desk_enums.Kind.CLOSE
    on = date(2016, 3, 1)
    count = 2
    done_at = LONG_AGO


class AnyHandover(Any):
    class Meta:
        model = Handover

    mandate = factory.SubFactory(AnyMandate)
    since = date(2016, 3, 1)
    reason = HandoverReason.AWAY
    made_at = LONG_AGO
    made_by = factory.SubFactory(AnyUser)


# -- funding


class AnyFunder(Any):
    class Meta:
        model = funding.Funder

    name = factory.Sequence(lambda n: f"Financeur {n}")
    sort_key = factory.LazyAttribute(lambda funder: sort_key(funder.name))
    kind = funding_enums.FunderKind.STATE


class AnyDelegate(Any):
    class Meta:
        model = funding.Delegate

    funder = factory.SubFactory(AnyFunder)
    user = factory.SubFactory(AnyUser)
    begins_on = date(2016, 1, 1)


class AnyAgreement(Any):
    """Signed, of the year 2016, for 30,000 euros."""

    class Meta:
        model = funding.Agreement

    funder = factory.SubFactory(AnyFunder)
    organization = factory.SubFactory(AnyHostOrganization)
    reference = factory.Sequence(lambda n: f"CV-{n}")
    sort_key = factory.LazyAttribute(lambda one: sort_key(one.reference, one.funder.name))
    rhythm = funding_enums.Rhythm.ANNUAL
    begins_on = date(2016, 1, 1)
    ends_on = date(2017, 1, 1)
    signed_on = date(2016, 1, 4)
    committed_cents = 3_000_000
    recorded_at = LONG_AGO
    recorded_by = factory.SubFactory(AnyUser)


class AnyReportDue(AnyFact):
    class Meta:
        model = funding.ReportDue

    agreement = factory.SubFactory(AnyAgreement)
    kind = funding_enums.ReportKind.FINAL
    due_on = date(2017, 6, 30)


class AnyInstalment(AnyFact):
    class Meta:
        model = funding.Instalment

    agreement = factory.SubFactory(AnyAgreement)
    due_on = date(2016, 3, 1)
    amount_cents = 1_000_000


class AnyProgress(AnyFact):
    class Meta:
        model = funding.Progress

    instalment = factory.SubFactory(AnyInstalment)
    state = funding_enums.State.AGREED
    reached_on = date(2016, 3, 1)
    amount_cents = 1_000_000


class AnyPayment(AnyFact):
    class Meta:
        model = funding.Payment

    instalment = factory.SubFactory(AnyInstalment)
    use = funding_enums.Use.POST
    paid_on = date(2016, 4, 1)
    amount_cents = 500_000


class AnyPostShare(AnyFact):
    class Meta:
        model = funding.PostShare

    agreement = factory.SubFactory(AnyAgreement)
    funder = factory.LazyAttribute(lambda share: share.agreement.funder)
    post = factory.SubFactory(AnyPost)
    share = 5_000
    begins_on = factory.LazyAttribute(lambda share: share.agreement.begins_on)
    ends_on = factory.LazyAttribute(lambda share: share.agreement.ends_on)


# -- files


class AnyStoredFile(Any):
    """A document of an agreement."""

    class Meta:
        model = StoredFile

    owner_kind = "funding.agreement"
    owner_id = factory.LazyAttribute(lambda stored: AnyAgreement().pk)
    name = "convention.pdf"
    media_type = "application/pdf"
    size = 9
    sha256 = "0" * 64
    content = b"%PDF-1.7\n"
    verdict = "NOT_SCANNED"
    kept_until = date(2099, 1, 1)
    stored_at = LONG_AGO
    stored_by = factory.SubFactory(AnyUser)
