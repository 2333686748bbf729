# Two commands for a newcomer: `make demo` and `make test`. Each sets up what it needs.
PYTHON ?= python3
# Handed on: `make demo ARGS=--script`, `make test ARGS="tests/modem -k pdu"`.
ARGS ?=
WORKERS ?= 2
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check
PYTEST := $(RUN) -m pytest

.PHONY: help demo test install check fmt bench crash crash-campaign soak fuzz fuzz-parse lock debian
.DEFAULT_GOAL := help

help: ## Say what there is to make
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/make \1\t\2/p' Makefile | expand -t 17

demo: $(VENV)/run.stamp ## The whole thing with no hardware; ARGS=--script plays it by itself
	@$(RUN) -m smsgate demo $(ARGS)

test: $(VENV)/dev.stamp debian ## All tests, then how much of the rooms where money moves they reach
	@$(RUN) -m coverage erase
	$(RUN) -m coverage run -m pytest -n $(WORKERS) $(ARGS)
	@{ $(RUN) -m coverage combine --quiet && $(RUN) -m coverage report; } || true

install: $(VENV)/run.stamp ## For a server: .venv/bin/smsgate, with nothing but the runtime lock
	@printf '%s\n' '#!$(CURDIR)/$(RUN)' 'import sys' 'sys.path.insert(0, "$(CURDIR)")' \
		'from smsgate.__main__ import main' 'sys.exit(main())' >$(VENV)/bin/smsgate
	@chmod 0755 $(VENV)/bin/smsgate
	@rm -f $(VENV)/dev.stamp

check: $(VENV)/dev.stamp ## What a reviewer would run: format, lint, types, contracts, docs, style
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(RUN) -m mypy docs/generate.py docs/screenshot.py
	$(VENV)/bin/lint-imports --no-cache --no-logo
	$(RUN) docs/generate.py --check
	$(PYTEST) -q tests/test_tidy.py tests/test_docs.py tests/test_systemd.py

fmt: $(VENV)/dev.stamp ## Format, mend what can be mended, write the generated docs anew
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .
	$(RUN) docs/generate.py

# ---- long ones

bench: $(VENV)/dev.stamp ## Measure, beside the goals
	$(RUN) -m bench $(ARGS)

crash: $(VENV)/dev.stamp debian ## 200 kills and 200 power cuts
	$(RUN) -m tests.crash --kills 200 --cuts 200 $(ARGS)

crash-campaign: $(VENV)/dev.stamp ## A campaign of 5,000 through 300 kills and old copies put back
	$(RUN) -m tests.crash.promoting --people 5000 --deaths 300 $(ARGS)

soak: $(VENV)/dev.stamp ## An hour of payments with restarts: memory, files and disk stay flat
	$(RUN) -m bench.soak $(ARGS)

fuzz: $(VENV)/dev.stamp ## The properties again, with many more examples
	$(PYTEST) -n $(WORKERS) -m "hypothesis" --hypothesis-profile=thorough --timeout=1800 $(ARGS)

# No lock holds it: not every Python has one, and only this needs it.
ATHERIS := atheris==3.0.0
SECONDS ?= 600
fuzz-parse: $(VENV)/dev.stamp ## Texts that nobody wrote, for ten minutes; SECONDS=60
	@$(PIP) "$(ATHERIS)" || { echo "The fuzzer did not install: pip install $(ATHERIS)"; exit 1; }
	$(RUN) -m tests.fuzz.parse $(SECONDS)

# ---- set-up: what is installed comes from the locks alone, by hash

$(VENV)/made.stamp:
	@command -v $(PYTHON) >/dev/null \
		|| { echo "smsgate needs Python 3.11 or newer: install python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "smsgate needs Python 3.11 or newer, and $(PYTHON) is older:" \
			"name a newer one with make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "smsgate needs Python's venv: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/run.stamp: requirements.lock | $(VENV)/made.stamp
	@echo "Installing what smsgate needs into $(VENV) ..."
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

# The development lock holds all of the other one.
$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml | $(VENV)/made.stamp
	@echo "Installing what smsgate and its tests need into $(VENV) ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/run.stamp $@

# What the tests need of Debian: what shows that it is there = the package.
NEEDS := chromium=chromium cc=gcc /usr/include/stdio.h=libc6-dev \
	/usr/lib/kannel/test/fakesmsc=kannel-extras /usr/sbin/bearerbox=kannel
APT := DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=1
debian:
	@missing=""; for need in $(NEEDS); do there="$${need%%=*}"; \
		command -v "$$there" >/dev/null || [ -e "$$there" ] || missing="$$missing $${need#*=}"; \
	done; [ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing for the tests:$$missing"; \
		{ $(APT) update && $(APT) install -y --no-install-recommends $$missing; } \
			</dev/null >/dev/null && exit 0; \
	fi; echo "Missing, so the tests that need it will fail: apt-get install$$missing"

# ---- locks: rewritten by hand only, never naming where packages came from

LOCK := --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
lock: $(VENV)/made.stamp ## Resolve the dependencies anew
	$(PIP) "pip-tools>=7.5" "dependency-groups>=1.3"
	$(VENV)/bin/pip-compile $(LOCK) --output-file requirements.lock pyproject.toml
	$(VENV)/bin/dependency-groups test lint build > $(VENV)/dev.in
	$(VENV)/bin/pip-compile $(LOCK) --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml $(VENV)/dev.in
