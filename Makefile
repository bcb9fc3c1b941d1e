# Wederhoor. `make demo`, `make test` and `make run` do all of their own set-up.

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

PY := .venv/bin/python
RUFF := $(PY) -m ruff
# The caller's own Python settings must not reach into .venv.
unexport PYTHONHOME PYTHONPATH

.PHONY: help demo test run bench setup reset check format histories fingerprints lock policy-check \
	translations \
	keys-status keys-rotate keys-retire ledger-verify backup restore venv-runtime venv-development

help: ## show this
	@echo "Wederhoor: complaints mediation. Commands:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-19s %s\n", $$1, $$2}'

demo: venv-runtime ## play one complaint from intake to closure on the real system
	@$(PY) -m launcher demo

test: venv-development ## run every check and test
	@$(PY) -m launcher setup
	@$(MAKE) check
	@$(PY) -m pytest

run: venv-runtime ## start the whole system and stay; Ctrl-C stops it, state is kept
	@$(PY) -m launcher run

bench: venv-runtime ## count what an ordinary case costs in Temporal; compare refusals
	@$(PY) -m launcher bench

setup: venv-runtime ## only do the set-up: Python packages and the Temporal server
	@$(PY) -m launcher setup

reset: venv-runtime ## throw away all state of `make run` (asks first; YES=1 does not)
	@$(PY) -m launcher reset $(if $(YES),--yes)

check: venv-development ## check style, types and the direction of imports
	@echo "ruff check" && $(RUFF) check --no-cache --quiet .
	@echo "ruff format" && $(RUFF) format --no-cache --check --quiet .
	@echo "pyright" && PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(PY) -m pyright --pythonpath $(PY)
	@echo "import-linter" && .venv/bin/lint-imports --no-cache

format: venv-development ## format the code and fix what can be fixed
	@$(RUFF) check --fix --quiet . ; $(RUFF) format .

histories: venv-development ## record the histories of workflows anew (ONLY="name name": those)
	@$(PY) -m tests.workflows.record $(ONLY)

fingerprints: venv-development ## write what today's code orders for the recorded histories
	@$(PY) -m tests.workflows.fingerprints

translations: venv-runtime ## count what translators have to do (ONLY=ro: tell what a language lacks)
	@$(PY) -m explanations.translations $(ONLY)

lock: ## write requirements/*.txt from pyproject.toml (UPGRADE=1: to the newest versions)
	@UPGRADE=$(UPGRADE) setup/lock

policy-check: venv-runtime ## check the policy data (FILE=operator.toml: with that file over it)
	@$(PY) -m settings.policy $(if $(FILE),"$(FILE)")

keys-status: venv-runtime ## list the vault's key rings, of `make run` while it runs, or by the settings
	@$(PY) -m launcher operate keys-status

keys-rotate: venv-runtime ## make a new version of each key and wrap every case's keys by it
	@$(PY) -m launcher operate keys-rotate

keys-retire: venv-runtime ## destroy the versions of keys that wrap nothing any more
	@$(PY) -m launcher operate keys-retire

ledger-verify: venv-runtime ## check that no case file of `make run` was changed (ARGS="--heads FILE")
	@$(PY) -m launcher operate ledger-verify $(ARGS)

backup: venv-runtime ## back the database of `make run` up into a new folder (FOLDER=…)
	@$(PY) -m launcher operate backup "$(FOLDER)"

restore: venv-runtime ## put such a backup back while nothing runs (FOLDER=… REPLACE=1)
	@$(PY) -m launcher operate restore "$(FOLDER)" $(if $(REPLACE),--replace)

venv-runtime:
	@python=$$(setup/find-python) && "$$python" setup/prepare_venv.py runtime

venv-development:
	@python=$$(setup/find-python) && "$$python" setup/prepare_venv.py development
