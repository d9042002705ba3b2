# Two commands: `make demo` and `make run`. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/python -m flask

# Every process would compile all modules anew, which is half of its start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo run test check bench format clean
# A recipe that was cut off leaves no stamp behind.
.DELETE_ON_ERROR:

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-7s %s\n' "$$name" "$$text"; done

demo: $(VENV)/.installed ## Run with nine months of demo data, and new events while it runs
	@exec $(BIN)/python -m leaderboard.cli.start --demo

run: $(VENV)/.installed ## Run with an empty instance; the first visit creates the administrator
	@exec $(BIN)/python -m leaderboard.cli.start

test: $(VENV)/.installed-dev ## All tests, with a PostgreSQL and a Valkey of their own; browser tests where there is a Chromium
	@exec $(BIN)/python -m pytest -q -n auto --dist loadgroup $(TESTS)

check: $(VENV)/.installed-dev ## Style, types, imports, and whether migrations agree with models
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-logo
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && export INSTANCE_DIR="$$dir" && \
	  unset DATABASE_URL MIGRATION_DATABASE_URL && $(FLASK) db upgrade && $(FLASK) db check

bench: $(VENV)/.installed-dev ## The figures of docs/scaling.md, measured on this machine
	@exec $(BIN)/python -m bench $(BENCH)

format: $(VENV)/.installed-dev ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what was made, but for the instance with its data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Installed again only when the pins changed, or another Python is asked for.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@cp requirements.txt $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@cp requirements-dev.txt $@
