# Two commands for a newcomer: `make demo` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
LOCKED = $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: lock
# ---- locks: rewritten by hand only, never naming where packages came from

lock: ## Resolve the dependencies anew
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet "pip-tools>=7.5" "dependency-groups>=1.3"
	$(VENV)/bin/pip-compile $(LOCK) --output-file requirements.lock pyproject.toml
	$(VENV)/bin/dependency-groups test lint build > $(VENV)/dev.in
	$(VENV)/bin/pip-compile $(LOCK) --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml $(VENV)/dev.in
LOCK = --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
