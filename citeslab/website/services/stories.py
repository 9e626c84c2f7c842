"""Stories: written, agreed to, published, withdrawn."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.rights import services as rights
from citeslab.rights.enums import Purpose, Said, Way
from citeslab.website.models import Picture, Story
from citeslab.website.readers import redrawn


class NotAgreed(Exception):
    def __str__(self):
        return _(
            "She has not agreed to these words, or has taken her agreement back: this story is not published. "
            "Read it to her and note her answer first."
        )


class AlreadyTold(Exception):
    def __str__(self):
        return _("This story was published: its words stay as she agreed to them. Withdraw it, and write another one.")


class Gone(Exception):
    def __str__(self):
        return _("This story was withdrawn: nothing changes in it any more.")


class OfAnotherSite(Exception):
    def __str__(self):
        return _("This person is accompanied by another site, which tells her story.")


@transaction.atomic
def write(
    *, site: Site, person: Person | None, first_name: str, title: str, words: str, by: User, at: datetime
) -> Story:
    """Begin a story; nobody but her site reads it. Raises `OfAnotherSite`."""
    if person is not None and person.site_id != site.pk:
        raise OfAnotherSite
    story = Story.objects.create(
        site=site, person=person, first_name=first_name, title=title, words=words, written_at=at, written_by=by
    )
    audit.record("website.story.written", story, by=by, at=at, site=site.pk, person=person.pk if person else None)
    return story


@transaction.atomic
def change(*, story: Story, first_name: str, title: str, words: str, by: User, at: datetime) -> Story:
    """Other words, which she has not read yet: what she agreed to before is void. Raises `AlreadyTold`, `Gone`."""
    story = held(story)
    refuse_what_was_told(story)
    if (story.first_name, story.title, story.words) == (first_name, title, words):
        return story
    story.first_name, story.title, story.words = first_name, title, words
    forget_agreement(story)
    story.save()
    audit.record("website.story.changed", story, by=by, at=at)
    return story


@transaction.atomic
def illustrate(*, story: Story, sent: bytes, description: str, by: User, at: datetime) -> Picture:
    """Put a picture beside it, to be agreed to. Raises `readers.NotAPicture`, `AlreadyTold`, `Gone`."""
    story = held(story)
    refuse_what_was_told(story)
    made = redrawn(sent)
    Picture.objects.filter(story=story).delete()
    picture = Picture.objects.create(
        story=story,
        content=made.content,
        width=made.width,
        height=made.height,
        description=description,
        added_at=at,
        added_by=by,
    )
    forget_agreement(story)
    story.save()
    audit.record("website.picture.added", story, by=by, at=at)
    return picture


@transaction.atomic
def take_picture_away(*, story: Story, by: User, at: datetime) -> None:
    """At any time: what she agreed to otherwise stays. Asking twice changes nothing more."""
    story = held(story)
    removed, _rows = Picture.objects.filter(story=story).delete()
    if removed:
        audit.record("website.picture.removed", story, by=by, at=at)


@transaction.atomic
def agree(*, story: Story, way: Way, with_picture: bool, by: User, at: datetime) -> Story:
    """Note that she read these words and wants them told; and of the picture, if she agrees to it too.

    Her own space then shows both agreements, where she takes them back. Raises `AlreadyTold`, `Gone`.
    """
    story = held(story)
    refuse_what_was_told(story)
    if story.person is not None:
        rights.say_consent(person=story.person, purpose=Purpose.TESTIMONY, said=Said.YES, way=way, by=by, at=at)
        if with_picture:
            rights.say_consent(person=story.person, purpose=Purpose.PHOTO, said=Said.YES, way=way, by=by, at=at)
    Picture.objects.filter(story=story).update(is_agreed=with_picture)
    story.agreed_at, story.agreed_by, story.agreed_way = at, by, way
    story.save(update_fields=["agreed_at", "agreed_by", "agreed_way"])
    audit.record("website.story.agreed", story, by=by, at=at, way=way, with_picture=with_picture)
    return story


@transaction.atomic
def publish(*, story: Story, by: User, at: datetime) -> Story:
    """Show it to everyone. Asking twice changes nothing more. Raises `NotAgreed`, `Gone`."""
    story = held(story)
    if story.withdrawn_at is not None:
        raise Gone
    if not Story.objects.agreed().filter(pk=story.pk).exists():
        raise NotAgreed
    if story.published_at is None:
        story.published_at, story.published_by = at, by
        story.save(update_fields=["published_at", "published_by"])
        audit.record("website.story.published", story, by=by, at=at)
    return story


@transaction.atomic
def withdraw(*, story: Story, by: User, at: datetime) -> Story:
    """Take it off every page at once and for good. Asking twice changes nothing more."""
    story = held(story)
    if story.withdrawn_at is None:
        story.withdrawn_at, story.withdrawn_by = at, by
        story.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record("website.story.withdrawn", story, by=by, at=at)
    return story


def held(story: Story) -> Story:
    """The row as it stands, kept still until the end of the act."""
    return Story.objects.select_for_update(of=("self",)).select_related("person", "site").get(pk=story.pk)


def refuse_what_was_told(story: Story) -> None:
    if story.withdrawn_at is not None:
        raise Gone
    if story.published_at is not None:
        raise AlreadyTold


def forget_agreement(story: Story) -> None:
    story.agreed_at, story.agreed_by, story.agreed_way = None, None, ""
    Picture.objects.filter(story=story).update(is_agreed=False)
