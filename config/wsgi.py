"""The server's entry: granian and any other WSGI server load `application` from here."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# What was loaded stays until the end: the collector need not look at it again with each few hundred new objects.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
