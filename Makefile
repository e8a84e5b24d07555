# make run    the page, http://localhost:8501   make test          all tests but the browser's
# make lint   ruff and mypy                     make browser-test  the page driven in Chromium
# make docs   regenerate the measured tables    make clean         remove the venv and all caches
# make player   measure the page in Chromium, write docs/player.md
# make speed    time songs and visits, write docs/speed.md and docs/visit.md
# make lock   pin all packages by hash          make audit         ask whether any is known to be unsafe
# make bundled   measure the bundled network everywhere; write card, README and tables again

VENV   ?= .venv
# The first Python from 3.11 to 3.13; choose another with make PYTHON=/path/to/python3.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
RUN_ARGS    ?=
PYTEST_ARGS ?= -m "not browser"

PY      := $(VENV)/bin/python
RUNTIME := $(VENV)/.runtime-installed
DEV     := $(VENV)/.dev-installed

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test browser-test lint docs player speed bundled lock audit clean

help:
	@sed -n 's/^# //p;/^$$/q' Makefile

# One arena: what is freed after a song is freed for all threads, and can go back to the system.
run: $(RUNTIME)
	MALLOC_ARENA_MAX=1 $(PY) -m streamlit run server.py $(RUN_ARGS)

test: $(DEV)
	$(PY) -m pytest $(PYTEST_ARGS)

browser-test: $(DEV)
	$(PY) -m pytest -m browser

lint: $(DEV)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

docs: $(RUNTIME)
	$(PY) -m benchmarks.songs
	$(PY) -m benchmarks.experiments_doc
	$(PY) -m benchmarks.lyrics_doc

player: $(DEV)
	$(PY) -m benchmarks.player

speed: $(DEV)
	$(PY) -m benchmarks.song
	$(PY) -m benchmarks.visit

# After another checkpoint has been copied to assets/models: all that is computed from it. Two
# processes share the test sets; what is up to date is not measured again.
bundled: $(DEV)
	$(PY) -m tests.golden.frozen
	export OMP_NUM_THREADS=1; $(PY) -m genre_core evaluations --no-card --only perturbed unlike & \
	  $(PY) -m genre_core evaluations --no-card --only test valid songs coarse && \
	  $(PY) -m genre_core embed ../shared/data/gtzan && wait $$!
	$(PY) -m genre_core evaluations
	$(PY) -m benchmarks.songs

# Every package that `make run` installs, with the hashes of its files, for Python 3.11 to 3.13.
lock: $(DEV)
	$(PY) -m uv pip compile requirements.txt -o requirements.lock --quiet --universal \
	  --python-version 3.11 --generate-hashes --upgrade --custom-compile-command "make lock"

# What is known to be wrong with those packages.
audit: $(DEV)
	$(PY) -m uv tool run pip-audit==2.10.1 --requirement requirements.lock --disable-pip --require-hashes

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than the requirements it was made from, so a second run installs nothing.
$(PY):
	@test -n "$(PYTHON)" || { echo "error: no Python from 3.11 to 3.13 found; name one: make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.txt | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
