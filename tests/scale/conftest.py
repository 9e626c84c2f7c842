"""Needs the extra `scale`: `make test-scale` runs this folder where Spark is installed; `make test` leaves it out."""

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("pyspark") else ["test_*.py"]
