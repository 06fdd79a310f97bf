# The register's commands; `make` alone lists them. Each does its own set-up first.

PYTHON ?= python3
BIN := .local/venv/bin
SETUP := $(PYTHON) -m app.bootstrap
# Test processes in parallel; each starts its own PostgreSQL.
JOBS ?= 2
# Commands, server processes and their tests are Python processes: with compiled modules they start twice as fast.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup run test test-slow lint format types check bench lighthouse bless migrate seed docs lock setup-dev

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what the register needs
	@$(SETUP)

run: setup ## start the register on http://127.0.0.1:8000, with a database and examples
	@$(BIN)/sensor-register serve --prepare

setup-dev:
	@$(SETUP) --dev

test: setup-dev ## run the tests (minutes)
	@$(BIN)/python -m pytest -m "not slow" --numprocesses $(JOBS) --dist loadfile

test-slow: ## run the long tests: browsers, proxies, GIS programs, query plans
	@$(SETUP) --dev --lighthouse --programs caddy chromium curl nginx ogrinfo qgis
	@$(BIN)/python -m pytest -m slow --numprocesses $(JOBS) --dist loadfile

lint: setup-dev ## check style, the direction of imports and the language
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.architecture.plain_english

format: setup-dev ## format the code
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

types: setup-dev ## check the types
	@$(BIN)/mypy

check: lint types test ## all of lint, types and test

bench: ## measure the speed against the bare ceiling (SENSORS=1000000)
	@$(SETUP) --dev --programs wrk
	@$(BIN)/python -m tests.bench $(if $(SENSORS),--sensors $(SENSORS))

lighthouse: ## measure the pages of a running site (ADDRESS=http://127.0.0.1:8000)
	@$(SETUP) --dev --lighthouse --programs chromium
	@$(BIN)/python -m tests.lighthouse $(ADDRESS)

bless: setup-dev ## accept the present answers as the expected ones of the tests
	@$(BIN)/python -m pytest -m "not slow" --bless

migrate: setup ## migrate the database to the newest schema
	@$(BIN)/sensor-register migrate

seed: setup ## add the weather stations and the examples
	@$(BIN)/sensor-register seed

docs: setup ## write docs/openapi.json from the code
	@$(BIN)/sensor-register openapi > docs/openapi.json

lock: ## write the versions of all dependencies (UPGRADE=yes: the newest)
	@$(SETUP) --lock $(if $(UPGRADE),--upgrade)
