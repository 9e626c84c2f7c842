"""A process that joins two files: `joiner DATABASE KEPT GONE USER`. A test kills it half-way."""

import os
import sys

import django


def main(database: str, kept: int, gone: int, user: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from django.utils import timezone

    from citeslab.accounts.models import User
    from citeslab.duplicates.services import joining
    from citeslab.people.models import Person

    print("joining", flush=True)
    joining.join(
        kept=Person.objects.get(pk=kept),
        gone=Person.objects.get(pk=gone),
        by=User.objects.get(pk=user),
        at=timezone.now(),
    )
    print("joined", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
