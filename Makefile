# drlake: `make run` shows the whole line, `make test` proves it, `make help` lists the targets.
PYTHON ?= python3
BIN    := .venv/bin
LAKE   ?= data/lake
EXPORTS?= data/exports
FAST   := not (soak or builds or airflow or browser or kills or servers or slow)
TESTS  := $(BIN)/python -m pytest -q --numprocesses 2 --dist loadfile --no-loadscope-reorder

.PHONY: help run install test test-fast soak bench bench-models bench-compare lint airflow hospital lock clean

help:                        ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 16

run: .venv/.run              ## synthetic hospitals -> national reference levels
	$(BIN)/drlake sample $(EXPORTS)
	$(BIN)/drlake declared load-all $(EXPORTS)/declared --lake $(LAKE) \
	  --registry $(EXPORTS)/facilities.csv
	$(BIN)/drlake run --registry $(EXPORTS)/facilities.csv --lake $(LAKE)

test: .venv/.ready           ## every test but the soak, on both cores
	$(TESTS)

test-fast: .venv/.ready      ## the tests that start no other program
	$(TESTS) -m "$(FAST)"

soak: .venv/.ready           ## the long tests: mutations, kills, histories, Celery, a release on S3
	$(BIN)/python -m pytest -q -m soak --numprocesses 2

bench: .venv/.ready          ## files per second per core, beside pydicom on the same files
	$(BIN)/python -m tests.bench.bench_decode $(BENCH)

bench-compare: .venv/.ready  ## the same in another checkout, paired; BENCH="/other/checkout --rounds 5"
	$(BIN)/python -m tests.bench.compare $(BENCH)

bench-models: .venv/.ready   ## seconds and memory per model; BENCH="/big/folder --events 1000000 5000000"
	$(BIN)/python -m tests.bench.bench_models $(BENCH)

lint: .venv/.ready           ## ruff, mypy, plain words, sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.project.plain_english
	$(BIN)/sqlfluff lint --disable-progress-bar -q sql
	cd sql/reports && ../../$(BIN)/sqlfluff lint --disable-progress-bar -q .

airflow: .venv/.run          ## Airflow's own scheduler and web page, with the same DAGs
	$(BIN)/drlake airflow --exports $(EXPORTS) --lake $(LAKE)

install: .venv/.run          ## install drlake only: the command is .venv/bin/drlake

hospital: .venv/.hospital    ## install only what a hospital needs: deidentify, describe, forms

# One lock for each who installs; those of tests and executors add to the first what they need.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
  pyproject.toml --group install

ADDED = --extra authority -c requirements.lock \
  $$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements.lock)

lock: .venv/.ready           ## resolve again after editing pyproject.toml
	$(COMPILE) --extra authority -o requirements.lock
	$(COMPILE) $(ADDED) --extra celery --group dev -o tests/requirements.lock
	$(COMPILE) $(ADDED) --extra celery -o dags/requirements-celery.lock
	$(COMPILE) $(ADDED) --extra kubernetes -o dags/requirements-kubernetes.lock
	$(COMPILE) -c requirements.lock -o transforms/deidentify/requirements.lock

INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python

.venv/.uv: requirements.lock
	$(PYTHON) -m venv .venv
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock
	touch $@

.venv/.run: .venv/.uv pyproject.toml
	$(INSTALL) --require-hashes --compile-bytecode -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	touch $@

.venv/.ready: .venv/.run tests/requirements.lock
	$(INSTALL) --require-hashes --compile-bytecode -r requirements.lock -r tests/requirements.lock
	touch $@

.venv/.hospital: .venv/.uv transforms/deidentify/requirements.lock pyproject.toml
	$(INSTALL) --require-hashes --compile-bytecode -r transforms/deidentify/requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	touch $@

clean:                       ## remove what `make run` made (not the environment)
	rm -rf $(LAKE) $(EXPORTS) sql/target sql/logs
