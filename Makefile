# Two commands on a fresh machine: `make run` and `make test`. Both may be repeated; only what changed is done again.

PYTHON  ?= python3
VENV    ?= .venv
# Installed before everything else. Where the package index serves a CUDA build under this name, give pip what selects
# the CPU build of the same version, for example TORCH="torch==2.13.0+cpu --index-url <the index of CPU builds>".
TORCH   ?= torch==2.13.0
PORT    ?= 8501
KB_HOME ?= $(HOME)/.local/share/citynet-kb
export KB_HOME

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
SAY := @printf '\033[1m==>\033[0m %s\n'
DECKS := $(sort $(wildcard corpus/decks/*))
DEMO = $(KB_HOME)/demo-$(shell cat $(DECKS) /dev/null | sha256sum | cut -c1-16).json
SHARED_EVAL := $(sort $(filter-out %/ntrex %/debian_reference,$(patsubst %/corpus.jsonl,%,$(wildcard ../shared/eval/*/corpus.jsonl))))

.PHONY: run test check corpus screenshots bench clean demo programs
.DELETE_ON_ERROR:

run: $(VENV)/.run demo
	@exec $(BIN)/kb serve --port $(PORT)

# The demonstration decks come in once. After that the knowledge base belongs to whoever uses it: a deck that was
# withdrawn or deleted does not come back, unless the decks themselves have changed.
demo: $(VENV)/.run
	@if [ -e "$(DEMO)" ]; then echo "The demonstration decks are in $(KB_HOME) already."; else \
	    printf '\033[1m==>\033[0m %s\n' "Reading, encoding and indexing $(words $(filter %.toml,$(DECKS))) demonstration decks (some minutes)"; \
	    mkdir -p "$(KB_HOME)"; \
	    $(BIN)/kb ingest corpus/decks --publish --json > "$(KB_HOME)/demo.part"; \
	    if grep -q '"totals"' "$(KB_HOME)/demo.part"; then mv "$(KB_HOME)/demo.part" "$(DEMO)"; \
	    else rm -f "$(KB_HOME)/demo.part"; exit 1; fi; fi

$(BIN)/python:
	$(SAY) "Creating the virtual environment $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is needed; on Debian: apt-get install python3-venv" >&2; exit 1; }

# A stamp says that an installation is done; a larger one includes the smaller ones.
$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(SAY) "Installing the knowledge base (some minutes on a fresh machine)"
	@$(PIP) $(TORCH)
	@$(PIP) -e .
	@touch $(VENV)/.run

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(SAY) "Installing the knowledge base and what its tests need (some minutes on a fresh machine)"
	@$(PIP) $(TORCH)
	@$(PIP) -e '.[test]'
	@touch $(VENV)/.run $(VENV)/.test

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(SAY) "Installing the knowledge base and what its checks need (some minutes on a fresh machine)"
	@$(PIP) $(TORCH)
	@$(PIP) -e '.[dev]'
	@touch $(VENV)/.run $(VENV)/.test $(VENV)/.dev

# The browser test drives Debian's chromium, LibreOffice opens old formats and draws slides, and slides in Korean need a
# font with Hangul. Tesseract recognises Korean, and pdftotext is what completeness is measured by. What is missing is skipped by the tests, which say so.
PROGRAMS := chromium fonts-noto-cjk libreoffice-impress libreoffice-writer poppler-utils \
            tesseract-ocr tesseract-ocr-eng tesseract-ocr-ind tesseract-ocr-kor
programs:
	@{ command -v chromium || command -v google-chrome; } >/dev/null && command -v soffice >/dev/null \
	    && command -v pdftotext >/dev/null && tesseract --list-langs 2>/dev/null | grep -q kor \
	    && ls /usr/lib/libreoffice/program/libswlo.so /usr/lib/libreoffice/program/libsdlo.so >/dev/null 2>&1 || { \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        printf '\033[1m==>\033[0m %s\n' "Installing $(PROGRAMS) with apt-get"; \
	        apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	            apt-get install -qq -y --no-install-recommends $(PROGRAMS) >/dev/null; \
	    else echo "Tests of what is not installed will be skipped. On Debian: sudo apt-get install $(PROGRAMS)"; fi; }

test: $(VENV)/.test programs
	$(SAY) "Running all tests"
	@$(BIN)/python -m pytest tests

check: $(VENV)/.dev
	$(SAY) "Checking format, rules, types, imports, architecture and the corpus"
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q tests/architecture
	@$(BIN)/python corpus/build.py --check
	$(SAY) "Holding the golden set against its last kept result (some minutes)"
	@$(BIN)/kb eval --gate

corpus: $(VENV)/.dev
	$(SAY) "Building the demonstration decks from corpus/sources (needs LibreOffice)"
	@$(BIN)/python corpus/build.py

screenshots: $(VENV)/.test programs demo
	$(SAY) "Taking pictures of the pages into screenshots/"
	@$(BIN)/python -m tests.browser.screenshots

bench: $(VENV)/.run
	$(SAY) "Measuring the encoders"
	@$(BIN)/python -m benchmarks.encoders
	$(SAY) "Measuring a search over 10,000 passages (encoding them takes some minutes, the first time)"
	@$(BIN)/python -m benchmarks.search --home build/bench
	$(SAY) "Measuring how fast the demonstration decks are read, drawn and encoded (some minutes)"
	@$(BIN)/python -m benchmarks.ingest --demo
	@test -n "$(SHARED_EVAL)" || { echo "../shared/eval, with the test sets, is not here." >&2; exit 1; }
	$(SAY) "Measuring the search on $(words $(SHARED_EVAL)) test sets (many minutes)"
	@$(BIN)/kb eval $(SHARED_EVAL)

clean:
	$(SAY) "Removing $(VENV) and caches; $(KB_HOME) stays"
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
