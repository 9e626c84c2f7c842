# The verbs. CI runs the same.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
UV := $(VENV)/bin/uv
BIN := $(VENV)/bin
PIP_QUIET := --quiet --disable-pip-version-check

.PHONY: setup setup-dev demo serve test test-scale check bench translate lock clean

setup: $(VENV)/.installed  ## environment, front-end and catalogues; seconds when nothing changed
	@$(BIN)/python hatch_build.py
	@$(BIN)/python -m config.catalogues

# uv is the only package that pip installs; it comes with its hash like the others.
$(UV):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install $(PIP_QUIET) --require-hashes --requirement requirements/uv.lock

$(VENV)/.installed: $(UV) requirements/run.lock pyproject.toml
	@echo "Installing the locked dependencies…" >&2
	@$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes --requirement requirements/run.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements/dev.lock
	@echo "Installing the locked test tools…" >&2
	@$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes --requirement requirements/dev.lock
	@touch $@

setup-dev: setup $(VENV)/.installed-dev

demo: setup  ## the demonstration network on http://127.0.0.1:8000; QPV=FILE uses the official quarters
	@$(BIN)/citeslab demo $(if $(QPV),--qpv "$(QPV)")

serve: setup
	@$(BIN)/citeslab serve

test: setup-dev  ## every test
	@$(BIN)/python -m tests.run

# Spark is 480 MB: it has an environment of its own, in which the one of the tests is seen.
.venv-scale/.installed: $(VENV)/.installed-dev requirements/scale.lock
	@echo "Installing Spark…" >&2
	@$(BIN)/python -m venv --without-pip .venv-scale
	@echo "import site; site.addsitedir('$(CURDIR)/$(VENV)/lib/python$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')/site-packages')" > $$(.venv-scale/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/layer.pth
	@$(UV) pip install --quiet --python .venv-scale/bin/python --no-deps --require-hashes --requirement requirements/scale.lock
	@touch $@

test-scale: setup-dev .venv-scale/.installed  ## the same figures on a cluster: Spark, a master and two workers
	@.venv-scale/bin/python -m tests.run tests/scale

check: setup-dev  ## lint, types of both languages, floors, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(BIN)/citeslab makemigrations --check --dry-run
	@$(BIN)/python hatch_build.py --check

bench: setup-dev  ## measurements side by side, with the machine's description
	@$(BIN)/python -m bench $(BENCH)

translate: setup-dev  ## collect the strings of the code into the catalogues
	@$(BIN)/python -m config.catalogues --extract

lock:  ## write the locks anew, with hashes and without any address
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 pyproject.toml --extra build -o requirements/run.lock
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 pyproject.toml --extra build --extra test --extra check --extra bench -o requirements/dev.lock
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["scale"], sep="\n")' | $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 - -o requirements/scale.lock
	@echo "uv==$$($(UV) --version | cut -d' ' -f2)" | $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 - -o requirements/uv.lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
