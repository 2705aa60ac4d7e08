# `make demo` and `make test` set up all they need in .venv; the other targets build on them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types layers format lock bench screenshots clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(READY)  ## run the whole job on the shipped samples and publish into feeds/
	@$(BIN)/syndicator demo feeds

# Tests wait for disks, timeouts and other programs about as long as they compute.
TEST_PROCESSES ?= $(shell echo $$((2 * $$(nproc 2>/dev/null || echo 2))))

test: $(READY_DEV)  ## run the test suite
	@PYTHON=$(BIN)/python sh .ci/models
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist worksteal

check: lint types layers  ## lint, strict types, import layers

lint: $(READY_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY_DEV)
	$(BIN)/mypy

layers: $(READY_DEV)
	$(BIN)/lint-imports

format: $(READY_DEV)  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

CORPUS ?= ../shared/corpus
REPLAY ?= ../shared/tools/replay_mt.py
bench: $(READY_DEV)  ## measure the whole line (CORPUS=folder REPLAY=server)
	$(BIN)/python benchmarks/whole_line.py $(CORPUS) --replay $(REPLAY)

screenshots: $(READY_DEV)  ## take the documents' pictures anew (wants chromium, nodejs and npm)
	cd tests/browser && npm ci --silent --no-audit --no-fund
	$(BIN)/python tests/browser/screenshots.py docs/images

lock: $(READY_DEV)  ## renew requirements.lock and requirements-dev.lock
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
		--upgrade pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 \
		--extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

$(VENV)/bin/python:
	@PYTHON=$(PYTHON) VENV=$(VENV) sh .ci/venv

$(READY): requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(READY_DEV): requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@ $(READY)

clean:  ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
