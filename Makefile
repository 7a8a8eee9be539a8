# One command each: `make demo` runs everything, `make test` checks everything.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: help demo venv front system test check bench lock screenshots clean

help:
	@echo "make demo         run Plumbline with demo data: web, worker, database; Ctrl-C stops it"
	@echo "make test         install what is missing, then run every check and every test"
	@echo "make check        style, types, import rules, migrations, production settings"
	@echo "make bench        measure: streams held, cue delay, page times"
	@echo "make screenshots  pictures of the running demo for the README"
	@echo "make lock         resolve requirements/*.in to hashed requirements/*.txt"

demo:
	@$(PYTHON) -m clinic.config.chores.setup --for demo
	@exec $(PY) -m clinic.config.serve

venv:
	@$(PYTHON) -m clinic.config.chores.setup --for test

front: venv
	@$(PY) -m clinic.config.chores.front

system:
	@bash clinic/config/chores/system_packages.sh

test: system front
	@$(MAKE) --no-print-directory check
	@$(PY) -m clinic.config.chores.rings

check: venv
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy clinic patients prescriptions sessions notes
	PLUMBLINE_AS_OWNER=1 $(PY) -m clinic.config.chores.checks

bench: front
	@$(PY) -m bench

screenshots: system front
	@$(PY) -m clinic.config.chores.screenshots

lock: venv
	@$(PY) -m clinic.config.chores.lock

clean:
	rm -rf build node_modules .mypy_cache .ruff_cache .pytest_cache
