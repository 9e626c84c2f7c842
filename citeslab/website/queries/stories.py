"""Stories and announcements, as everyone reads them, and as those who write them do."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from citeslab.accounts.models import User
from citeslab.website.models import Announcement, Picture, Story
from citeslab.website.rules import may_publish, may_write


def told() -> QuerySet[Story]:
    """The stories that everyone may read, the last one first."""
    return Story.objects.published().select_related("site").order_by("-published_at", "-pk")


def was_told(key: int) -> bool:
    """Whether this story was on the site once: its address then says that it is gone."""
    return Story.objects.filter(pk=key, published_at__isnull=False).exists()


def picture_of(story: Story) -> Picture | None:
    """What may be shown beside it, without its bytes."""
    return Picture.objects.published().defer("content").filter(story=story).first()


def announced() -> QuerySet[Announcement]:
    return Announcement.objects.published().order_by("-published_at", "-pk")


def stories_for(user: User, *, on: date) -> QuerySet[Story]:
    """What she writes or publishes, the last written first."""
    found = Story.objects.visible_to(user, on=on).with_standing()
    return found.select_related("site", "written_by").order_by("-written_at", "-pk")


def acts_of(user: User, story: Story, *, on: date) -> dict[str, Any]:
    """What this user may do with it."""
    return {"writes": may_write(user, story, on=on), "publishes": may_publish(user, story, on=on)}
