# Footnote: two commands do everything. `make run` opens the app, `make test` runs every check.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock
HOME_DIR ?= .home
# Workers take whole files in their order. The tests of the browser go last and alone: they take all that two cores have.
PYTEST := HF_HUB_OFFLINE=1 $(BIN)/pytest --dist loadfile --no-loadscope-reorder
TESTS := $(PYTEST) --numprocesses 2 --ignore tests/browser && $(PYTEST) --numprocesses 2 tests/browser
# Root stays the real one, which may become the user of a test's database.
UNSHARE := unshare $(if $(filter 0,$(shell id -u)),,--map-current-user --keep-caps)
PIP := $(BIN)/pip install --disable-pip-version-check --quiet -c $(LOCK)

export HF_HUB_DISABLE_TELEMETRY := 1
# Where Python may not keep what it compiled, each of the hundred processes of the tests compiles it again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run ask index test lint types offline lock bench clean

help:  ## Say what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/run.stamp  ## Set up, index seeds/ and serve the app at http://127.0.0.1:7860
	$(BIN)/assistant --home $(HOME_DIR) index seeds
	$(BIN)/assistant --home $(HOME_DIR) serve

ask: $(VENV)/run.stamp  ## Ask one question: make ask Q="Did Nvidia abandon the deal?"
	@$(BIN)/assistant --home $(HOME_DIR) index seeds > /dev/null
	@$(BIN)/assistant --home $(HOME_DIR) ask "$(Q)"

test: $(VENV)/test.stamp  ## Set up and run all checks: ruff, mypy, pytest
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(TESTS)

offline: $(VENV)/test.stamp  ## Run the tests with networking switched off (Linux)
	$(UNSHARE) --net sh -c 'ip link set lo up && $(TESTS)'

bench: $(VENV)/bench.stamp  ## Measure search and indexing, beside what people would use instead
	$(BIN)/python -m benchmarks.search_latency
	$(BIN)/python -m benchmarks.indexing_speed
	$(BIN)/python -m benchmarks.peers

lock: $(VENV)/bench.stamp  ## Write down the versions that are installed now
	$(BIN)/pip freeze --exclude-editable | grep -v -E '^(pip|setuptools)==' | sed -E 's/\+cpu$$//' > $(LOCK)

clean:  ## Remove the virtual environment and the sample index
	rm -rf $(VENV) $(HOME_DIR)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"

# torch comes first and pinned: an unpinned one brings gigabytes of CUDA packages. Where the index has only such builds, set
# PIP_EXTRA_INDEX_URL to one that has those for CPUs.
$(VENV)/run.stamp: $(VENV)/bin/python pyproject.toml $(LOCK)
	$(PIP) torch
	$(PIP) -e .
	touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	$(PIP) -e '.[openai]' --group dev
	touch $@

$(VENV)/bench.stamp: $(VENV)/test.stamp
	$(PIP) --group bench
	touch $@
