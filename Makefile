# The two commands are `make demo` and `make test`; `make help` lists the rest.

RESIDENTS ?= 20000
PORT ?= 8000
HOST ?= 127.0.0.1
CITY ?= 200000
TESTS ?=
BENCH ?=
BLOWS ?= 200
STEPS ?= 10000
PYTHON ?=

py = .venv/bin/python
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help setup setup-browser demo test lint bench drill-night drill-claims drill-money drill-journal drill-poison docs messages migrations format stop clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Python environment, pinned packages, system libraries
	@bin/setup

setup-browser: ## The same and Chromium, which `make test` looks at pages with
	@bin/setup --browser

demo: ## A city in a browser: RESIDENTS=20000 PORT=8000 HOST=127.0.0.1; Ctrl-C stops it, the data stay
	@bin/setup --steps 6
	@$(py) bin/messages.py compile
	@$(py) -m ksb.demo.runner --residents $(RESIDENTS) --port $(PORT) --host $(HOST)

test: setup-browser ## The whole suite on real servers and a real browser (TESTS=tests/claims for a part)
	@$(py) bin/messages.py compile
	@$(py) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(TESTS)

lint: setup ## Style, migrations, catalogue, floors, deployment settings
	@bin/lint

format: setup ## Put the code into the one format
	@$(py) -m ruff check --fix . && $(py) -m ruff format .

bench: setup ## Figures as ratios: CITY=200000, BENCH=p1,p3 for some
	@$(py) -m benchmarks --city $(CITY) $(if $(BENCH),--only $(BENCH))

drill-night: setup ## Strike the registry night down at 200 random moments (BLOWS=200) and garble 1,000 files
	@$(py) -m tests.drills.night --blows $(BLOWS)
	@KSB_MUTANTS=1000 $(py) -m pytest tests/participants/test_sync_mutants.py

drill-claims: setup ## Garble 1,000 e-Klaim files; the same file twice, four at once, a worker killed in the middle: one result
	@KSB_MUTANTS=1000 $(py) -m pytest -v --hypothesis-show-statistics tests/claims/test_mutations.py
	@$(py) -m pytest -v tests/claims/test_batches.py tests/claims/test_deliveries.py -k "twice or at_once or killed or parallel"

drill-poison: setup ## Every value of the poison in every field and filter of every page: tens of thousands of requests
	@KSB_POISON_STRIDE=1 $(py) -m pytest --numprocesses 2 tests/test_poison.py

drill-money: setup ## 64 threads pay at once, 10,000 random steps beside a model (STEPS=10000), 60 payments struck down
	@$(py) -m tests.drills.money --steps $(STEPS)
	@$(py) -m tests.drills.payments

drill-journal: setup ## 1,000 edits, deletions and insertions in the journal past the program: each found in its block
	@$(py) -m tests.drills.journal

docs: setup ## Write the diagrams and the data dictionary of docs/ from the code
	@$(py) manage.py write_docs

messages: setup ## Collect the translatable texts into locale/ and compile them
	@$(py) bin/messages.py merge
	@$(py) bin/messages.py compile

migrations: setup ## Write the migrations of changed models
	@$(py) manage.py makemigrations

stop: ## Stop the demonstration and the embedded servers; the data stay
	@test ! -x $(py) || $(py) -m ksb.demo.runner --stop
	@test ! -x $(py) || { $(py) -m ksb.embedded stop demo; $(py) -m ksb.embedded stop test; }

clean: stop ## Delete var/: the demonstration's city, the test databases, the logs
	@test ! -x $(py) || { $(py) -m ksb.embedded drop demo; $(py) -m ksb.embedded drop test; }
	@rm -rf var staticfiles
