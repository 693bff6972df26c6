# `make demo` and `make test` are all that a newcomer needs; `make help` lists the rest.
PYTHON ?= $(shell for p in python3.11 python3.12 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
OUT ?= demo_report
# A file's tests stay in one process, since they share what is costly to make.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help demo samples install install-dev test test-all validate check lint format lock clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: install  ## analyse the sample videos and say where the reports are
	$(BIN)/gait analyze sample_videos/side.mp4 --speed-kmh 12.3 --height-cm 179 --out $(OUT)/side
	@echo
	$(BIN)/gait analyze sample_videos/rear.mp4 --height-cm 175 --out $(OUT)/rear
	@echo
	$(BIN)/gait analyze sample_videos/front.mp4 --height-cm 177 --out $(OUT)/front
	@echo
	$(BIN)/gait analyze sample_videos/fatigue.mp4 --speed-kmh 12.6 --height-cm 173 --out $(OUT)/fatigue
	@echo
	@echo "Open these pages in a browser:"
	@for clip in side rear front fatigue; do echo "  $(abspath $(OUT))/$$clip/report.html"; done

samples: OUT = sample_videos
samples: install  ## render the sample videos with their truth anew, into sample_videos (or OUT=folder)
	@mkdir -p $(OUT)
	$(BIN)/gait simulate --preset side-clean --seed 10 --out $(OUT)/side.mp4
	$(BIN)/gait simulate --preset rear-valgus --seed 8 --fps 60 --out $(OUT)/rear.mp4
	$(BIN)/gait simulate --preset front --seed 6 --out $(OUT)/front.mp4
	$(BIN)/gait simulate --preset fatigue --seed 1 --size 640x360 --out $(OUT)/fatigue.mp4

install: $(VENV)/.installed  ## create .venv and install gait into it

install-dev: $(VENV)/.installed-dev  ## the same with what the tests need

$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "gait needs Python 3.11 or 3.12; none was found. Set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# The locks are complete, so --no-deps: pip must not bring in the desktop build of OpenCV or JAX (see pyproject.toml).
$(VENV)/.installed: $(VENV)/.created requirements.lock pyproject.toml
	@echo "Installing gait into $(VENV) (some 600 MB at the first time) ..."
	@$(PIP) install --no-deps --requirement requirements.lock
	@$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing what the tests need ..."
	@$(PIP) install --no-deps --requirement requirements-dev.lock
	@touch $@

test: check  ## lint, types, import layers and the tests (some 10 minutes)

check: lint
	$(PYTEST) -m "not slow"

test-all: lint  ## the same with the slow tests
	$(PYTEST)

validate: install-dev  ## measure the accuracy against all truth there is; rewrites docs/accuracy.md (goes on after Ctrl-C)
	$(BIN)/gait validate --all --page docs/accuracy.md

lint: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: install-dev  ## put the code into the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate

lock:  ## make the lock files again (needs uv)
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:  ## remove .venv and everything made
	rm -rf $(VENV) $(OUT) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
