# The project's commands. Each works from a fresh checkout; `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
TEST_PROCESSES ?= 2
BENCH ?= reports,figures,exports,fieldwork,load

.PHONY: help setup run test bench lint types format messages requirements browser chaos ci

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what is needed (.venv, Debian packages, translations); quick when nothing is missing
	@scripts/setup.sh

run: setup ## serve everything with demo data on PORT (8000), kept in ORIME_HOME (var/); Ctrl-C ends it
	@exec $(PY) -m config.run

test: setup ## the test suite on the embedded default
	@env -u DATABASE_URL -u REDIS_URL $(PY) -m pytest -n $(TEST_PROCESSES)

browser: ## the tests in a real browser
	@scripts/setup.sh browser
	@$(PY) -m pytest -m browser

chaos: setup ## fault tests: kill, cut and repeat, then count what was lost or doubled
	@$(PY) -m pytest -m chaos -s

bench: setup ## measure; choose with BENCH=reports,figures,exports,fieldwork,load
	@$(PY) -m benchmarks --only $(BENCH)

lint: setup ## style, imports between apps, templates
	@scripts/lint.sh

types: setup ## mypy
	@$(PY) -m mypy .

format: setup ## rewrite the code in the project's style
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

messages: setup ## extract the texts to translate into locale/
	@SECRET_KEY=extracting $(PY) manage.py makemessages --locale ja --locale en --no-wrap --no-location --no-obsolete --ignore .venv --ignore var

requirements: setup ## pin the newest allowed version of every dependency, with hashes
	@scripts/requirements.sh

ci: ## everything that has to pass before a change lands
	@.ci/run
