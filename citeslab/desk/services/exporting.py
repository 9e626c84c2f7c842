"""Lists taken out as files: small ones at once, large ones by a job, every one journaled without a name."""

from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from datetime import date, datetime

from django.db import transaction
from django.utils import translation

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.desk import exports
from citeslab.desk.enums import Format, Purpose
from citeslab.desk.models import KEPT, Export
from citeslab.desk.queries import lists
from citeslab.desk.values import Question
from citeslab.network.models import Site
from citeslab.people.models import Person

AT_ONCE = 2_000  # rows; above it a job writes the file


@transaction.atomic
def ask(
    *,
    question: Question,
    rows: int,
    sites: Collection[Site],
    columns: Sequence[str],
    format: Format,
    purpose: Purpose,
    language: str,
    by: User,
    at: datetime,
) -> Export:
    """Note that `by` takes this list out, and why. `write_now` or, above `AT_ONCE` rows, the job makes the file."""
    export = Export.objects.create(
        user=by,
        query=question.query,
        language=language,
        sites=sorted(site.pk for site in sites),
        columns=list(columns),
        format=format,
        purpose=purpose,
        rows=rows,
        asked_at=at,
    )
    audit.record(
        "desk.people.exported",
        export,
        by=by,
        at=at,
        count=rows,
        columns=list(columns),
        format=format,
        purpose=purpose,
        asked=question.codes(),
    )
    return export


@transaction.atomic
def write_now(*, export: Export, on: date, at: datetime) -> bytes:
    """The file of a small list, given once and kept nowhere."""
    content = written(export, on=on)
    export.finished_at, export.forgotten_at, export.query, export.rows_done = at, at, "", export.rows
    export.save()
    return content


def write_file(*, export_id: int, on: date, at: datetime) -> None:
    """Write the file of a large list: killed half-way, again from the start; once written it stays as it is."""
    export = Export.objects.select_related("user").filter(pk=export_id, finished_at=None, forgotten_at=None).first()
    if export is None or at > export.until:
        return
    content = written(export, on=on, tell=lambda done: Export.objects.filter(pk=export_id).update(rows_done=done))
    with transaction.atomic():
        unfinished = Export.objects.filter(pk=export_id, finished_at=None, forgotten_at=None)
        unfinished.update(content=content, finished_at=at, rows_done=export.rows)


def written(export: Export, *, on: date, tell: Callable[[int], object] = lambda done: None) -> bytes:
    """The people that she may see today among those she asked for."""
    sites = Site.objects.with_names_for(export.user, on=on)
    sites = list(sites.filter(pk__in=export.sites).order_by("pk"))
    visible = Person.objects.visible_to(export.user, on=on).filter(site__in=[site.pk for site in sites])
    with transaction.atomic():  # the likeness of a search is set for a transaction
        found = lists.listed(visible, Question.kept(export.query), on=on, user=export.user, sites=sites)
        keys = list(found.values_list("pk", flat=True))
    with translation.override(export.language), closing(exports.writer(export.format, export.columns)) as file:
        done = 0
        for batch in exports.rows(keys, export.columns, on=on):
            file.write(batch)
            done += len(batch)
            tell(done)
        return file.finished()


@transaction.atomic
def record_download(*, export: Export, by: User, at: datetime) -> None:
    audit.record("desk.export.downloaded", export, by=by, at=at, count=export.rows)


@transaction.atomic
def forget(*, at: datetime) -> int:
    """After a day the file goes, and the words of the question with it."""
    old = Export.objects.filter(asked_at__lt=at - KEPT, forgotten_at=None)
    return old.update(content=None, query="", forgotten_at=at)
