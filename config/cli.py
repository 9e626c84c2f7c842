"""The `citeslab` command: Django's commands, with messages for people instead of tracebacks."""

import os
import sys

from django.core.management import ManagementUtility
from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError, ProgrammingError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    argv = ["citeslab", *sys.argv[1:]]
    if len(argv) > 1 and not argv[1].startswith("-") and argv[1] != "help":
        argv.insert(2, "--traceback")  # Django raises instead of printing; the words below are ours
    try:
        ManagementUtility(argv).execute()
    except CommandError as refusal:
        leave(str(refusal), refusal.returncode)
    except KeyboardInterrupt:
        leave("Interrupted; nothing of the unfinished step was kept.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except ProgrammingError as error:
        if "does not exist" not in str(error):
            raise
        leave("The database is not ready for this version. Run: citeslab migrate", 2)
    except OperationalError as error:
        leave(f"The database does not answer: {str(error).strip().splitlines()[0]}", 2)
    except DatabaseError as error:
        leave(f"The database refused: {str(error).strip().splitlines()[0]}", 2)


def leave(message: str, code: int) -> None:
    print(f"citeslab: {message}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
