# Everything needed to try, check and change Wayhome. It asks for Python 3.11 or newer, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --require-hashes
# Its settings want no data folder: what `make check` looks at is the source.
CHECK := DJANGO_SETTINGS_MODULE=wayhome.config.settings WAYHOME_DATA_DIR=build/check $(BIN)/python
# Two at a time, a file by one of them; each has a PostgreSQL of its own.
TWO := --numprocesses 2 --dist loadfile --no-loadscope-reorder
MAKE_VENV := $(PYTHON) -m venv $(VENV)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo check checks prepared test test-all messages assets bench pictures lock clean

help: ## Say what can be made.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.setup $(VENV)/.compiled ## Make the virtual environment with what runs Wayhome.

setup-dev: $(VENV)/.setup-dev ## Add what tests and checks it.

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: apt install python3 (or PYTHON=python3.12 make …)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing: apt install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2; exit 1; }
	@echo "Making $(VENV): this takes a minute or two, once."
	@$(MAKE_VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.setup: requirements.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --default-pip >/dev/null
	@$(INSTALL) -r requirements.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.setup-dev: requirements-dev.txt $(VENV)/.setup
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

# Without them the benchmark says of each that it is not installed.
$(VENV)/.setup-peers: requirements-peers.txt $(VENV)/.setup-dev
	@$(INSTALL) -r requirements-peers.txt && touch $@ || \
	  echo "Peers cannot be installed; PyICU needs: apt install g++ pkg-config libicu-dev" >&2

# The machine code of the cores; else each function is made when somebody first waits for it.
$(VENV)/.compiled: $(wildcard wayhome/cores/*/*.py wayhome/cores/*/*/*.py) $(VENV)/.setup
	@$(BIN)/wayhome compile
	@touch $@

demo: setup ## Run Wayhome with invented people, on http://localhost:8000/.
	@exec $(BIN)/wayhome demo $(if $(PORT),--port $(PORT))

# In CI the machine code, and what tests begin with, are made meanwhile.
check: setup-dev ## Style, types, import contracts, migrations, translations.
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=target checks $(if $(CI),$(VENV)/.compiled prepared)

checks: setup-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(CHECK) -W ignore::RuntimeWarning -m django makemigrations --check --dry-run
	$(BIN)/python -m tools.messages check

prepared: setup-dev ## What tests begin with, made before they ask for it.
	$(BIN)/python -m tests.prepared

test: setup-dev $(VENV)/.compiled ## Everything that takes less than a quarter of an hour.
	$(BIN)/python -m pytest -m "not all" $(TWO) $(ARGS)

test-all: setup-dev $(VENV)/.compiled ## Everything.
	$(BIN)/python -m pytest $(TWO) $(ARGS)

messages: setup-dev ## Merge the translations into the catalogues.
	$(BIN)/python -m tools.messages merge

assets: ## Make stylesheets and fonts anew, with npm.
	sh assets/build.sh

bench: setup-dev $(VENV)/.compiled ## Measure, for docs/methods/figures.md.
	$(BIN)/python -m tools.bench --write

.PHONY: bench-kinship
bench-kinship: setup-dev $(VENV)/.compiled ## Measure the kinship core, beside its peers where R has them.
	$(BIN)/python -m tools.bench_kinship $(ARGS)

.PHONY: bench-names
bench-names: setup-dev $(VENV)/.setup-peers $(VENV)/.compiled ## Measure the names core beside its peers (ARGS=10000000 for other sizes).
	$(BIN)/python -m tools.bench_names $(ARGS)

.PHONY: bench-planning
bench-planning: setup-dev ## Measure the planning core, for docs/methods/planning.md.
	$(BIN)/python -m tools.bench_planning $(ARGS)

pictures: setup-dev ## Make the pictures of docs/ anew.
	$(BIN)/python -m tools.pictures

# uv.lock is not kept: it holds the addresses of the index of whoever made it.
lock: ## Choose the newest releases that fit, and write down their hashes.
	uv lock --upgrade
	$(MAKE) requirements

.PHONY: requirements
requirements: ## Write the requirements files of uv.lock.
	$(EXPORT) --no-dev --group build --output-file requirements.txt
	$(EXPORT) --all-groups --no-group peers --output-file requirements-dev.txt
	$(EXPORT) --only-group peers --output-file requirements-peers.txt
	@! grep -nE '://|^ *(-e|-i|--(extra-)?index-url|--find-links)' requirements*.txt

EXPORT := uv export --quiet --frozen --no-emit-project --no-header --no-annotate --format requirements-txt

clean: ## Remove what was made, but no data.
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
