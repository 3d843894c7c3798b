# Needs make and a Python of 3.11 or newer with its venv module; everything else is installed into .venv.
#
#   make PYTHON=python3.13 VENV=.venv-3.13 test     the tests on another Python

PYTHON ?= python3
VENV ?= .venv
JOBS ?= auto

python := $(VENV)/bin/python
pip := $(python) -m pip --disable-pip-version-check
install := $(pip) install --quiet --constraint constraints.txt --build-constraint constraints.txt

# What an install depends on: a change in any of these makes the next target install again.
sources := pyproject.toml constraints.txt Makefile

README_PICTURES := flag-120x36 given-80x24 sign-off-120x36 watch-120x36

.DEFAULT_GOAL := help
.PHONY: help run test bench screenshots check clean

help:  ## what there is to do
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 10

run: $(VENV)/ready-to-run  ## open the scribe terminal on the store in your data folder
	@$(VENV)/bin/codelog

test: $(VENV)/ready-to-test  ## run every test
	@$(python) -m pytest --numprocesses=$(JOBS) $(TESTS)

bench: $(VENV)/ready-to-test  ## measure against the budgets; BENCH=--quick for a short run
	@$(python) -m benchmarks $(BENCH)

screenshots: $(VENV)/ready-to-test  ## every screen as a picture in build/screenshots, and those of the README
	@$(python) -m tests.pictures build/screenshots
	@$(python) -m tests.pictures docs/pictures $(README_PICTURES)

check:  ## everything that is checked before a change lands
	@./.ci/run

clean:  ## remove the environment and what the tools left behind; never your cases
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The pip that a Python brings may be too old to know about dependency groups, so pip comes first.
$(VENV)/pip: $(sources)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "codelog needs Python 3.11 or newer; name one: make PYTHON=python3.13 ...")'
	@$(python) -m pip --version >/dev/null 2>&1 || { echo "Making $(VENV)"; $(PYTHON) -m venv --clear $(VENV); }
	@$(pip) install --quiet --upgrade --constraint constraints.txt pip
	@touch $@

$(VENV)/ready-to-run: $(VENV)/pip
	@echo "Installing codelog into $(VENV)"
	@$(install) --editable .
	@touch $@

$(VENV)/ready-to-test: $(VENV)/pip $(VENV)/pages/ready $(VENV)/validators/ready
	@echo "Installing codelog and the tools for its tests into $(VENV)"
	@$(install) --editable . --group dev
	@touch $@

# What judges our pages in a browser, and our FHIR bundles, comes from npm; without npm those tests are left out, and
# say so.
$(VENV)/%/ready: tests/%/package.json tests/%/package-lock.json $(VENV)/pip
	@mkdir -p $(@D) && cp tests/$*/package*.json $(@D)
	@command -v npm >/dev/null || echo "npm is not installed: the tests that need tests/$* are left out"
	@! command -v npm >/dev/null || npm ci --prefix $(@D) --silent --no-audit --no-fund --ignore-scripts
	@touch $@
