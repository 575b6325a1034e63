# make demo: one typhoon night in the browser. make test: all tests. Each sets itself up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' 2>/dev/null)
STATIC := src/anlan/web/static/index.html

.PHONY: setup demo test check page reference docs lock clean

setup: $(STAMPS)/python

$(STAMPS)/venv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Anlan needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: $(STAMPS)/venv requirements/dev.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# The page needs Node 20 or newer; where there is none, a package from the Python index brings it.
page: $(STATIC)

$(STATIC): $(STAMPS)/python $(WEB_SOURCES)
	$(BIN)/python tools/build_page.py

demo: setup page
	$(BIN)/anlan demo

test: setup page
	$(BIN)/python tools/run_tests.py

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What is generated from code and kept: the API document of the page, the reference pages of the docs.
reference: setup
	$(BIN)/anlan openapi > web/openapi.json
	$(BIN)/python tools/reference.py

docs: setup
	$(BIN)/mkdocs build --strict

lock: setup
	$(BIN)/python tools/lock.py

clean:
	rm -rf $(VENV) site web/node_modules src/anlan/web/static
