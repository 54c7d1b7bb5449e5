# One command each; CI runs the same ones.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export DBT_PROFILES_DIR := $(CURDIR)
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

# what DuckDB computes, and one build of the demo with its parity tests
TESTS_ON_BOTH_DUCKDBS := $(addprefix tests/python/, test_build.py::test_every_node_of_the_demo_passes test_prepare.py \
	test_block.py test_compare.py test_url_geo.py test_learn.py test_score.py test_resolve.py)

.PHONY: help setup demo test test-fast test-python310 test-dbt2 mutants lint bench docs spec-docs lock clean

help:  ## list the commands
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/.installed  ## create .venv with the locked versions

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 10) <= v < (3, 14) else f"dbt_dedup needs Python 3.10 to 3.13, {sys.executable} is {v.major}.{v.minor}: run make PYTHON=/path/to/python3.12")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## build the demo: raw customers in, deduplicated tables out
	@$(BIN)/dbt-dedup demo

test: setup  ## run every dbt and Python test, or those that TESTS names
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(TESTS)

test-fast: setup  ## run the Python tests that need no dbt
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile -m 'not dbt' $(TESTS)

test-python310:  ## run the tests that both versions of DuckDB must pass on Python 3.10, which has DuckDB 1.5
	$(PYTHON) tests/engines/python310.py $(TESTS_ON_BOTH_DUCKDBS)

test-dbt2: setup  ## build the demo with dbt v2, all but its Python models (needs npm)
	$(BIN)/python tests/engines/dbt2.py

mutants: setup  ## make small mistakes in macros and Python, and list those that no test notices; MUTANTS has options
	$(BIN)/python tests/mutants/mutants.py $(MUTANTS)

lint: setup  ## sqlfluff, ruff and mypy; models are rendered as in an empty warehouse
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@mkdir -p target && rm -f target/lint.duckdb
	DEDUP_DATABASE=$(CURDIR)/target/lint.duckdb $(BIN)/sqlfluff lint --processes 2 models tests

bench: setup  ## measure speed at scale, accuracy and decisions on labelled data sets, classifiers and labelling on few labels
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/accuracy.py
	$(BIN)/python benchmarks/accuracy.py --no-labels febrl3 splink_historical_50k
	$(BIN)/python benchmarks/golden.py
	$(BIN)/python benchmarks/decisions.py
	$(BIN)/python benchmarks/melting.py
	$(BIN)/python benchmarks/published.py
	$(BIN)/python benchmarks/classifiers.py
	$(BIN)/python benchmarks/labelling.py
	$(BIN)/python benchmarks/calibration.py
	$(BIN)/python benchmarks/scoring.py

spec-docs: setup  ## write the tables of docs/spec.md again, from macros/spec/spec_keys.sql, and docs/llms.txt
	$(BIN)/python -m dbt_dedup.spec_reference docs/spec.md
	$(BIN)/python docs/site/llms.py

docs: $(VENV)-docs/.installed  ## build the documentation as a site into target/site; a broken link fails
	NO_MKDOCS_2_WARNING=1 $(VENV)-docs/bin/mkdocs build --strict
	@echo "Open target/site/index.html"

$(VENV)-docs/.installed: docs/site/requirements.lock
	$(PYTHON) -m venv --clear $(VENV)-docs
	$(VENV)-docs/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r docs/site/requirements.lock
	@touch $@

lock:  ## renew both lock files (needs uv; see docs/decisions/0002-dependencies.md)
	uv pip compile --universal --python-version 3.10 --group docs --generate-hashes --no-header \
		--output-file docs/site/requirements.lock --upgrade
	uv pip compile --universal --python-version 3.10 --extra dev --generate-hashes --no-strip-extras --no-header \
		--constraint constraints.txt --output-file requirements.lock --upgrade pyproject.toml

clean:  ## remove everything the commands above made
	rm -rf $(VENV) .venv-python310 .venv-dbt2 .venv-docs target logs published dedup.duckdb dedup.duckdb.wal .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
