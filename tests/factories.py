"""One factory per model, boring on purpose."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import factory
from django.utils import timezone

from citeslab.accounts.models import User
from citeslab.agenda.models import Appointment, MoveRequest, Surgery
from citeslab.core.values import sort_key
from citeslab.desk import enums as desk_enums
from citeslab.desk.models import BulkAct, Export, SavedFilter
from citeslab.duplicates.enums import Band, Origin
from citeslab.duplicates.models import Difference, Inquiry, Join, JoinRequest, Likeness
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
from citeslab.intake.models import Workbook
from citeslab.intake.values import COLUMNS
from citeslab.network.enums import HandoverReason, Role
from citeslab.network.models import (
    Coverage,
    FSEPlus,
    Handover,
    HostOrganization,
    Invitation,
    Mandate,
    Post,
    Site,
    Tenure,
)
from citeslab.notifications.enums import Channel
from citeslab.notifications.models import Message
from citeslab.partners.enums import Purpose
from citeslab.partners.models import Contact, Network, Office
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
from citeslab.workshops.enums import Kind, Occasion, State
from citeslab.workshops.models import (
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
    code = factory.Sequence(lambda n: f"QN025{n:02d}M")
    name = factory.Sequence(lambda n: f"Quartier {n}")
    department_code = "25"
    outline = b""


class AnyHostOrganization(Any):
    class Meta:
        model = HostOrganization

    name = factory.Sequence(lambda n: f"Structure {n}")


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
