"""Two files made one, and one made two again."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.duplicates import rules
from citeslab.duplicates.models import Agreement, Difference, Inquiry, Join, JoinRequest, Likeness
from citeslab.duplicates.services import folding
from citeslab.duplicates.services.finding import hold_files
from citeslab.duplicates.services.folding import Step
from citeslab.notifications.models import Message
from citeslab.people.models import Assignment, Person, Residence
from citeslab.people.services import key_of_name

ADDRESS = "residence"  # among the choices: the address of the file that goes becomes the current one


class AlreadyJoined(Exception):
    def __str__(self):
        return _("One of these files has already been joined to another. Go back to the list of likenesses.")


class Forgotten(AlreadyJoined):
    def __str__(self):
        return _("One of these files was anonymised: nothing of it is left to join. Go back to the list of likenesses.")


class ChangedSince(Exception):
    def __str__(self):
        return _("One of these files was changed while you were reading. Check the values below again, then join.")


class CannotJoin(Exception):
    def __str__(self):
        return _("Something on these two files cannot stand on one: nothing was changed. Ask for help.")


class JoinedOnceMore(Exception):
    def __str__(self):
        return _("Another file was joined after this one. Undo the later join first.")


class CannotUndo(Exception):
    def __str__(self):
        return _("These files can no longer be parted: nothing was changed. Ask for help.")


@transaction.atomic
def join(
    *,
    kept: Person,
    gone: Person,
    taken: Collection[str] = (),
    by: User,
    at: datetime,
    agreed_by: User | None = None,
    seen: str = "",
) -> Join:
    """Move all that belongs to `gone` under `kept`, in one transaction: killed at any moment, all or nothing.

    `taken` names the fields whose value comes from `gone` ("residence" for the address). `seen` is the fingerprint
    of what was previewed. The row of `gone` leaves the table of people, so that no list and no figure meets it
    again; the `Join` holds it, leads to `kept`, and can put everything back.
    """
    kept, gone = held(kept, gone, seen)
    row = Join(
        kept_key=kept.pk,
        gone_key=gone.pk,
        kept_site_id=kept.site_id,
        gone_site_id=gone.site_id,
        joined_at=at,
        joined_by=by,
        agreed_by=agreed_by,
        gone=folding.written(gone),
    )
    try:
        with transaction.atomic():
            steps = put_own_rows_aside(kept.pk, gone.pk, by=by, at=at)
            steps += settle_addresses(kept, gone, takes_address=ADDRESS in taken, by=by, at=at)
            steps += settle_followers(kept, gone, by=by, at=at)
            steps += folding.fold(Person, gone.pk, kept.pk, by=by, at=at)
            steps += point_messages(gone.pk, kept.pk)
            folding.delete(gone)
            row.kept_before, row.kept_after = take_values(kept, gone, taken)
            check_now()
    except IntegrityError as error:
        raise CannotJoin from error
    row.steps = steps
    row.save(force_insert=True)
    audit.record("duplicates.files.joined", kept, by=by, at=at, join=row.pk, gone=gone.pk)
    return row


def held(kept: Person, gone: Person, seen: str) -> tuple[Person, Person]:
    """Both rows, locked and read anew."""
    hold_files()
    rows = Person.objects.select_for_update(of=["self"]).filter(pk__in=[kept.pk, gone.pk]).in_bulk()
    if len(rows) != 2:
        raise AlreadyJoined
    if any(row.anonymised_at for row in rows.values()):
        raise Forgotten
    kept, gone = rows[kept.pk], rows[gone.pk]
    if seen and seen != rules.fingerprint(kept, gone):
        raise ChangedSince
    return kept, gone


def check_now() -> None:
    """What waits for the commit is checked here, where it can still be refused in words."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def put_own_rows_aside(kept: int, gone: int, *, by: User, at: datetime) -> list[Step]:
    """Likenesses, requests and inquiries about the file that goes wait in the join.

    Whom it was said not to be is carried over.
    """
    steps: list[Step] = []
    for first, second, reason in (
        Difference.objects.standing().filter(Q(first=gone) | Q(second=gone)).values_list("first", "second", "reason")
    ):
        third = second if first == gone else first
        if third == kept or Difference.objects.standing().of(kept, third).exists():
            continue
        carried = Difference.objects.create(
            first_id=min(kept, third), second_id=max(kept, third), reason=reason, recorded_at=at, recorded_by=by
        )
        steps.append({"act": "create", "table": Difference._meta.label_lower, "keys": [carried.pk]})
        apart = Likeness.objects.filter(first=min(kept, third), second=max(kept, third))
        steps += [step for likeness in apart for step in folding.put_aside(likeness)]
    mentioning: list[models.QuerySet] = [
        Agreement.objects.filter(Q(request__ours=gone) | Q(request__theirs=gone)),
        JoinRequest.objects.filter(Q(ours=gone) | Q(theirs=gone)),
        Inquiry.objects.filter(found=gone),
        Likeness.objects.filter(Q(first=gone) | Q(second=gone)),
        Difference.objects.filter(Q(first=gone) | Q(second=gone)),
    ]
    for rows in mentioning:
        for row in rows.order_by("pk"):
            steps += folding.put_aside(row)
    return steps


def settle_addresses(kept: Person, gone: Person, *, takes_address: bool, by: User, at: datetime) -> list[Step]:
    """One current address stays: that of `kept`, unless the other one is taken; the other is withdrawn."""
    current = Residence.objects.standing().filter(ends_on=None)
    its, others = current.filter(person=kept).first(), current.filter(person=gone).first()
    if its is None or others is None:
        return []
    return folding.withdraw(its if takes_address else others, by=by, at=at)


def settle_followers(kept: Person, gone: Person, *, by: User, at: datetime) -> list[Step]:
    """An advisor of another site follows her until today: she does not see the file that stays."""
    if kept.site_id == gone.site_id:
        return []
    today = timezone.localdate(at)
    steps: list[Step] = []
    running = Assignment.objects.standing().not_over(today).filter(person=gone)
    for one in running.order_by("pk"):
        if one.begins_on < today:
            steps += folding.change(one, {"ends_on": today})
        else:
            steps += folding.withdraw(one, by=by, at=at)
    return steps


def point_messages(gone: int, to: int) -> list[Step]:
    """Messages name what they are about by a plain key."""
    about = Message.objects.filter(about_kind=Person._meta.label_lower, about_id=gone)
    keys = list(about.order_by("pk").values_list("pk", flat=True))
    return folding.move(Message, Message._meta.get_field("about_id"), keys, to)


def take_values(kept: Person, gone: Person, taken: Collection[str]) -> tuple[dict, dict]:
    """Write the chosen values; gives those replaced and those that replaced them."""
    fields = [field for field in rules.chosen_fields(kept, gone) if field.name in taken]
    if not fields:
        return {}, {}
    names = [*(field.attname for field in fields), "sort_key"]
    before = folding.written(kept, names)
    for field in fields:
        setattr(kept, field.attname, getattr(gone, field.attname))
    kept.sort_key = key_of_name(kept)
    kept.save(update_fields=names)
    return before, folding.written(kept, names)


@transaction.atomic
def undo(*, join: Join, by: User, at: datetime) -> Person:
    """Part the files again: all that was moved goes back, and the file that went is there as it was.

    What was recorded since stays with the file kept, and so does a value corrected since.
    """
    hold_files()
    join = Join.objects.select_for_update().get(pk=join.pk)
    if join.undone_at is not None:
        return Person.objects.get(pk=join.gone_key)
    if not join.gone:
        raise CannotUndo  # its values were erased
    later = Join.objects.standing().filter(pk__gt=join.pk, kept_key=join.kept_key)
    if later.exists() or Join.objects.standing().filter(gone_key=join.kept_key).exists():
        raise JoinedOnceMore
    kept = Person.objects.select_for_update().get(pk=join.kept_key)
    try:
        with transaction.atomic():
            give_values_back(kept, join)
            folding.put_back(Person, join.gone)
            for step in reversed(join.steps):
                folding.step_back(step, by=by, at=at)
            check_now()
    except IntegrityError as error:
        raise CannotUndo from error
    join.undone_at, join.undone_by = at, by
    join.save(update_fields=["undone_at", "undone_by"])
    audit.record("duplicates.files.parted", kept, by=by, at=at, join=join.pk, gone=join.gone_key)
    return Person.objects.get(pk=join.gone_key)


def give_values_back(kept: Person, join: Join) -> None:
    now = folding.written(kept, list(join.kept_after))
    names = [name for name, value in join.kept_after.items() if name != "sort_key" and now[name] == value]
    if not names:
        return
    fields = {field.attname: field for field in Person._meta.local_concrete_fields}
    for name in names:
        setattr(kept, name, folding.read(fields[name], join.kept_before[name]))
    names.append("sort_key")
    untouched = now["sort_key"] == join.kept_after["sort_key"]
    kept.sort_key = join.kept_before["sort_key"] if untouched else key_of_name(kept)
    kept.save(update_fields=names)
