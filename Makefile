# Each target does all its own set-up; `make` alone says what there is.

PYTHON ?= python3
PORT ?= $(or $(RAG_PORT),8000)
RAG_INDEX_DIR ?= index
RAG_CORPUS_DIR ?= corpus
RAG_ENCODER ?=
export RAG_INDEX_DIR RAG_CORPUS_DIR
ifneq ($(RAG_ENCODER),)
export RAG_ENCODER
endif

BIN := .venv/bin
# Named after the content of pyproject.toml: nothing is installed again until a dependency changes.
INSTALLED := .venv/.installed-$(shell cksum < pyproject.toml | tr -d ' ')
INDEXED := $(RAG_INDEX_DIR)/.indexed

.DEFAULT_GOAL := help
.PHONY: help install index serve demo test lint audit check format screenshots

help:
	@echo "make serve    web page and API on http://127.0.0.1:$(PORT) (PORT= changes it)"
	@echo "make demo     ask the sample corpus a question, in Chinese and in English"
	@echo "make test     all tests"
	@echo "make check    ruff, mypy, import contracts, known vulnerabilities, tests with coverage"
	@echo "make install  set-up alone"

install: $(INSTALLED)

$(INSTALLED):
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check -e ".[dev]"
	@rm -f .venv/.installed-*
	@touch $@

# Stale: never built, made with another encoder, or a document, a folder of documents or our own code is newer.
# Exit 1 of `rag ingest` means that some files could not be taken in and are listed; the others serve.
index: install
	@if [ ! -e "$(RAG_INDEX_DIR)/CURRENT" ] || [ ! -e "$(INDEXED)" ] \
	    || [ "$$(cat "$(INDEXED)")" != "$(RAG_ENCODER)" ] \
	    || [ -n "$$(find "$(RAG_CORPUS_DIR)" -newer "$(INDEXED)" -print -quit)" ] \
	    || [ -n "$$(find rag -type f ! -name '*.pyc' -newer "$(INDEXED)" -print -quit)" ]; then \
	  mkdir -p "$(RAG_INDEX_DIR)" && echo "$(RAG_ENCODER)" > "$(INDEXED).new" || exit 1; \
	  $(BIN)/rag ingest "$(RAG_CORPUS_DIR)" --prune >&2 || [ $$? -eq 1 ] || exit 1; \
	  mv "$(INDEXED).new" "$(INDEXED)"; \
	fi

serve: index
	$(BIN)/rag serve --port $(PORT)

demo: index
	@$(BIN)/rag ask "哪些部门牵头学生心理工作？"
	@echo
	@$(BIN)/rag ask "Which departments lead student psychological work?"

test: install
	$(BIN)/pytest -n auto --dist loadfile

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Needs the internet, or OSV_URL= of a service within reach; where there is neither it says so and goes on.
audit: install
	@$(BIN)/python .ci/audit.py $(if $(OSV_URL),--osv-url $(OSV_URL))

check: lint audit
	$(BIN)/pytest -n auto --dist loadfile --cov

# Into .cache/screenshots; needs Chromium.
screenshots: install
	$(BIN)/python benchmarks/screenshots.py

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
