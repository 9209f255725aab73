# `make` says what there is to do. Everything is made inside this folder; only `make test` and `make test-deploy` install
# something outside: the servers they test against (see deploy/setup/test-servers).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## say what there is to do
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

# `cesar run` reads PORT, DATA and DEMO from its environment: make hands on what it was given.
.PHONY: run
run: $(VENV)/run ## start Cesar on http://localhost:8000 (PORT=8000 DATA=folder DEMO=yes|no)
	@exec $(BIN)/cesar run

.PHONY: command
command: $(VENV)/run ## install the command cesar as .venv/bin/cesar

# Whole files are shared out over processes, in the order given, so that what a file has set up serves all of its tests.
SHARED := --dist loadfile --no-loadscope-reorder

.PHONY: test
test: servers check ## install what the tests need, check the code, run every test (ARGS="-k supplier")
	$(BIN)/python -m pytest $(SHARED) -n 3 $(ARGS)

.PHONY: test-deploy
# More processes than cores where tests wait for servers and browsers; no more where each has a whole product at work.
test-deploy: base-images ## build images and deploy on a Docker engine of its own; needs root (ARGS="-k images")
	$(BIN)/python -m pytest -o faulthandler_timeout=900 $(SHARED) -n 2 tests/deploy $(ARGS)

.PHONY: check
check: $(VENV)/test ## style, types and the rules of the house
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

.PHONY: bench
bench: servers $(VENV)/bench ## measure, against others, and write tests/benchmarks/RESULTS.md (about 15 minutes)
	$(BIN)/python -m tests.benchmarks $(ARGS)

.PHONY: chaos
chaos: servers $(VENV)/test ## break broker, database, network and processes (SEED=1 EVENTS=100000 RECORD=1)
	$(BIN)/python -m pytest -s -o faulthandler_timeout=3600 tests/chaos $(ARGS)

.PHONY: picture
picture: servers $(VENV)/test ## draw the picture of the README anew
	$(BIN)/python -m tests.browser.picture

.PHONY: servers
servers:
	@deploy/setup/test-servers

# With what the tests that deploy need: a Docker engine, and the files of the images that ours are built on.
.PHONY: deploy-servers
deploy-servers:
	@deploy/setup/test-servers deploy

.PHONY: base-images
base-images: deploy-servers $(VENV)/test
	@$(BIN)/python -m tests.support.base_images

# Libraries -----------------------------------------------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Cesar needs Python 3.11 or newer: name one, as in 'make run PYTHON=python3.12'." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Install python3-venv: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing the libraries into $(VENV) (once, about a minute) ..."
	@$(PIP_INSTALL) --require-hashes --requirement $<
	@$(PIP_INSTALL) --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

$(VENV)/test: requirements/test.txt $(VENV)/run
	@echo "Installing what the tests need into $(VENV) (once, about a minute) ..."
	@$(PIP_INSTALL) --require-hashes --requirement $<
	@touch $@

$(VENV)/bench: requirements/bench.txt $(VENV)/test
	@$(PIP_INSTALL) --require-hashes --requirement $<
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/test
	@$(PIP_INSTALL) --require-hashes --requirement $<
	@touch $@

# dev holds everything, so the others are cut from it and every file agrees on every version.
.PHONY: lock
lock: $(VENV)/dev ## write requirements/*.txt anew from requirements/*.in (UPGRADE=--upgrade for the newest libraries)
	@cd requirements && for name in dev test bench run deploy chassis enrolment assessment notifications reporting; do \
		echo "requirements/$$name.txt"; \
		[ $$name = dev ] && options="$(UPGRADE)" || options="--constraints dev.txt"; \
		../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--custom-compile-command "make lock" $$options $$name.in --output-file $$name.txt || exit 1; \
	done

# Translations --------------------------------------------------------------------------------------------------------

# The code speaks English; each service keeps its French beside it, read as it is. Texts are marked by these names.
MARKS := lazy_gettext DomainError NotFound Conflict Forbidden Gone

.PHONY: translations
translations: $(VENV)/run ## find the texts of each service and update its catalogue
	@for service in chassis enrolment assessment notifications reporting; do \
		folder=services/$$service/translations; template=$$folder/messages.pot; mkdir -p $$folder; \
		$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml $(MARKS:%=--keyword %) \
			--add-location file --sort-by-file --width 110 --project cesar --version "" --output-file $$template services/$$service && \
		if [ -f $$folder/fr/LC_MESSAGES/messages.po ]; then \
			$(BIN)/pybabel --quiet update --locale fr --no-fuzzy-matching --ignore-pot-creation-date \
				--width 110 --input-file $$template --output-dir $$folder; \
		else $(BIN)/pybabel --quiet init --locale fr --width 110 --input-file $$template --output-dir $$folder; \
		fi || exit 1; rm $$template; \
	done

.PHONY: clean
clean: ## throw away what make made (not your data)
	rm -rf $(VENV) .cache .hypothesis .pytest_cache .ruff_cache *.egg-info build
	find services tests -name __pycache__ -prune -exec rm -rf {} +
