# Needs Python 3.11 or newer and make; everything else is installed into .venv.
#
#   make        set up, then build the site into public/, the seed's case report in it
#   make test   everything that must hold before a change is merged
#   make help   the other targets

.DEFAULT_GOAL := all
# Every kernel starts anew: without compiled modules each start would cost a second more.
unexport PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-print-directory

# The first of these that is Python 3.11 or newer makes the environment.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
# The case that `make report` reports, and the folder it goes to.
CASE ?= protocol/cases/seed-as-asked.yaml
REPORTS ?= reports
# More words for pytest, such as -m 'not slow'.
PYTEST_ARGS ?= -q -n 2
CORE_TESTS := tests/reading tests/deciding tests/explaining tests/verifying tests/test_folder.py tests/test_errors.py tests/test_import_cost.py
CORE_COVERAGE := $(foreach part,reading deciding explaining verifying errors folder rooms,--cov=b12lib.$(part)) \
  --cov-branch --cov-fail-under=100 --cov-report=term-missing:skip-covered
# More words for uv, such as --upgrade.
LOCK_ARGS ?=

BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input

.PHONY: all setup site report check verify notebooks test model mutants lint type format lock clean help

all: site ## set up and build the site (the default)

setup: $(READY) ## make .venv from requirements.lock

# A working environment of a good enough Python is kept and brought up to date.
$(READY): pyproject.toml requirements.lock
	@if ! sh .ci/python $(BIN)/python >/dev/null 2>&1; then \
	  python=$$(sh .ci/python $(PYTHON)) || exit 1; \
	  echo "making .venv with $$($$python --version)"; \
	  "$$python" -m venv --clear .venv; \
	fi
	@echo "installing what requirements.lock names"
	@$(PIP) install -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

site: $(READY) ## build the site into public/
	@$(BIN)/b12 site --out public

report: $(READY) ## make the seed's case report (or CASE=path) into reports/
	@$(BIN)/b12 report $(CASE) --out $(REPORTS)

check: $(READY) ## check the protocol
	@$(BIN)/b12 check

# tests/test_goals.py holds the protocol to finding nothing, so that `make test` need not run this.
verify: $(READY) ## prove the safety properties; find what is unused, untried or unnoticed
	@$(BIN)/b12 verify

notebooks: $(READY) ## run the notebooks and store their outputs anew
	@$(BIN)/b12 notebooks

test: $(READY) ## run every check and test
	@sh .ci/chromium
	@$(MAKE) lint
	@$(MAKE) type
	@echo "== pytest: what reads, decides, explains and verifies, every branch"
	@$(BIN)/python -m pytest $(PYTEST_ARGS) $(CORE_TESTS) $(CORE_COVERAGE)
	@echo "== pytest: what shows and publishes"
	@$(BIN)/python -m pytest $(PYTEST_ARGS) tests $(CORE_TESTS:%=--ignore=%)

model: $(READY) ## compare the proofs' model with the evaluator on 100,000 random cases
	@VERIFY_CASES=100000 $(BIN)/python -m pytest $(PYTEST_ARGS) tests/verifying/test_model.py

# From a clean state, so that no verdict of an earlier run stands; about five minutes on two cores.
# Of mutmut's progress only the end is shown; what it left untried, the script would tell.
mutants: $(READY) ## try slips in the code that decides; each must be noticed or explained
	@rm -rf mutants
	@$(BIN)/mutmut run | tr '\r' '\n' | tail -n 2
	@$(BIN)/python .ci/mutants.py tests/survivors.toml

lint: $(READY) ## check style, format, spelling and layers
	@echo "== ruff check"
	@$(BIN)/ruff check --quiet .
	@echo "== ruff format"
	@$(BIN)/ruff format --check --quiet .
	@echo "== codespell"
	@$(BIN)/codespell $$(git ls-files '*.py' '*.md' '*.ipynb' '*.bib' '*.yaml' '*.j2' '*.toml')
	@echo "== import-linter"
	@$(BIN)/lint-imports --no-logo

type: $(READY) ## check types
	@echo "== mypy"
	@$(BIN)/mypy

format: $(READY) ## sort imports and format
	@$(BIN)/ruff check --quiet --select I --fix .
	@$(BIN)/ruff format .

# Keeps the versions already there where it can; LOCK_ARGS=--upgrade takes the newest.
lock: ## bring requirements.lock up to date with pyproject.toml
	@python=$$(sh .ci/python $(PYTHON)) || exit 1; \
	tools=$$(mktemp -d) || exit 1; \
	trap 'rm -rf "$$tools"' EXIT; \
	"$$python" -m venv "$$tools" && \
	"$$tools/bin/python" -m pip --quiet --disable-pip-version-check install uv && \
	"$$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 --all-extras \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links $(LOCK_ARGS) \
	  --output-file requirements.lock pyproject.toml

clean: ## remove what was built and the caches, but not .venv
	@rm -rf public reports dist build htmlcov coverage.xml .coverage .coverage.* .hypothesis \
	  .pytest_cache .mypy_cache .ruff_cache .import_linter_cache mutants
	@find b12lib tests notebooks -name __pycache__ -prune -exec rm -rf {} + \
	  -o -name .ipynb_checkpoints -prune -exec rm -rf {} +

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
