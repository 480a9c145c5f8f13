# `make demo` and `make test` are the two commands of the README; each prepares .venv on first use.
PYTHON ?= python3
PORT ?= 8000
BIN = .venv/bin

.PHONY: demo test check bench bench-snmp fuzz dev corpus help
help: ## show these lines
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

.make/run: requirements.lock pyproject.toml hatch_build.py
	@mkdir -p .make
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.make/dev: requirements-dev.lock .make/run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: .make/run ## open the app with demonstration data on http://127.0.0.1:$(PORT)
	@$(BIN)/haus demo --port $(PORT)

test: .make/dev ## run the tests; what a machine lacks is said and skipped
	@$(BIN)/pytest -n auto --dist loadfile $(ARGS)

check: .make/dev ## what CI runs: style, types, import contracts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist loadfile $(ARGS)

bench: .make/dev ## print the table of measured figures
	@$(BIN)/python -m tests.bench $(ARGS)

bench-snmp: .make/dev ## print the speed of the collector beside its peers
	@$(BIN)/python -m tests.bench snmp $(ARGS)

fuzz: .make/dev ## look at devices whose words and packets are bent; ARGS="--seconds 600"
	@$(BIN)/python -W error -m tests.fuzz $(ARGS)

dev: .make/dev ## serve with reload on code changes
	@$(BIN)/haus serve --port $(PORT) --debug

corpus: .make/dev ## look at the recordings in CORPUS over real UDP and score what is recognised
	@$(BIN)/python -m tests.corpus $(CORPUS)
