# drlake: `make run` shows the whole line, `make test` proves it.
PYTHON ?= python3
BIN    := .venv/bin
LAKE   ?= data/lake
EXPORTS?= data/exports
DECLARED:= device model feature benchmark training deliverable facility

FAST   := not (soak or builds or airflow or browser or kills or servers or slow)

.PHONY: run test test-fast soak bench bench-models lint airflow lock clean

run: .venv/.ready            ## synthetic hospitals -> national reference levels
	$(BIN)/drlake sample $(EXPORTS)
	for kind in $(DECLARED); do $(BIN)/drlake declared load $$kind \
	  $(EXPORTS)/declared/$$kind.csv --lake $(LAKE) --registry $(EXPORTS)/facilities.csv || exit; done
	$(BIN)/drlake run --registry $(EXPORTS)/facilities.csv --lake $(LAKE)

test: .venv/.ready           ## every test but the soak, on both cores
	$(BIN)/python -m pytest -q --numprocesses 2 --dist loadfile --no-loadscope-reorder

test-fast: .venv/.ready      ## the tests that start no other program: within a minute
	$(BIN)/python -m pytest -q --numprocesses 2 --dist loadfile --no-loadscope-reorder -m "$(FAST)"

soak: .venv/.ready           ## prefixes, mutations, canaries, kills, failing disk calls, histories
	$(BIN)/python -m pytest -q -m soak --numprocesses 2

bench: .venv/.ready          ## files per second per core, beside pydicom on the same files
	$(BIN)/python -m tests.bench.bench_decode $(BENCH)

bench-models: .venv/.ready   ## seconds and memory per model; BENCH="/big/folder --events 1000000 5000000"
	$(BIN)/python -m tests.bench.bench_models $(BENCH)

lint: .venv/.ready           ## ruff, mypy, sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar -q sql
	cd sql/reports && ../../$(BIN)/sqlfluff lint --disable-progress-bar -q .

airflow: .venv/.ready        ## Airflow's own scheduler and web page, with the same DAGs
	$(BIN)/drlake airflow --exports $(EXPORTS) --lake $(LAKE)

lock: .venv/.ready           ## resolve again after editing pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements.lock

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode \
	  -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

clean:                       ## remove what `make run` made (not the environment)
	rm -rf $(LAKE) $(EXPORTS) sql/target sql/logs
