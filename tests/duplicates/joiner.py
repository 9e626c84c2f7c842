"""A process that a test kills half-way: `joiner DATABASE join KEPT GONE USER`, or `joiner DATABASE find USER`."""

import os
import sys

import django


def main(database: str, act: str, *keys: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from django.utils import timezone

    from citeslab.accounts.models import User
    from citeslab.duplicates.services import finding, joining
    from citeslab.people.models import Person

    *files, user = keys
    by, at = User.objects.get(pk=user), timezone.now()
    print("begun", flush=True)
    if act == "join":
        kept, gone = (Person.objects.get(pk=key) for key in files)
        joining.join(kept=kept, gone=gone, by=by, at=at)
    else:
        finding.find(by=by, at=at)
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
