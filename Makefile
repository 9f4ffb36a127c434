# The first command on a fresh clone may be any of these; they need Python 3.11 or newer, make and git.
.DEFAULT_GOAL := help
.PHONY: help venv demo emulator lint sanity sanity-all units integration pytest molecule molecule-all importer importer-all docs test test-all coverage mutants bench clean

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed-requirements.txt
LINK := $(VENV)/collections/ansible_collections/community/konnect
THIS_PYTHON = $$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
PYTHON_OK := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)/tests
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
# Compiled once, and not again by each process.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make venv      set up $(VENV) (the other commands do it by themselves)"
	@echo "make demo      the tutorial against the emulator, twice"
	@echo "make emulator  run the emulator in the foreground, and print what to export in a second terminal; with"
	@echo "               UPSTREAM_KEYS='a b', RATE_LIMIT=10, PROPAGATION_MS=3000, PORT=8001, ARGS='--set node_count=2'"
	@echo "make docs      the documentation site in docs/build/html (with ONLINE=1 the links to other sites are checked)"
	@echo "make lint      ruff, mypy, yamllint, ansible-lint, and the checks of documentation, changelog and licenses"
	@echo "make sanity    ansible-test sanity on the Python of .venv, but for pylint and what make lint runs too"
	@echo "make sanity-all  all of it, on every Python at hand, which make test-all runs"
	@echo "make units     the unit tests of plugins/ under ansible-test (make pytest runs them too)"
	@echo "make integration  tests/integration/targets under ansible-test"
	@echo "make pytest    the unit tests, and the integration tests against the emulator"
	@echo "make molecule  the scenario default in extensions/molecule"
	@echo "make molecule-all  every scenario, which make test-all runs"
	@echo "make importer  build the collection and put it through Galaxy's importer, without its ansible-lint"
	@echo "make importer-all  the same with it, which make test-all runs"
	@echo "make test      all of these five, side by side"
	@echo "make test-all  the same, then every ansible-core on every Python at hand"
	@echo "make coverage  which lines and branches of the engine the unit tests reach"
	@echo "make mutants   small mistakes put in the engine: do the tests notice them? (with FILE=_client only there)"
	@echo "make bench     what things cost (about twenty minutes; with QUICK=1 three)"
	@echo "make clean     remove $(VENV) and what the tools left"

venv:
	@if [ ! -x $(BIN)/python ]; then \
	  for python in python3 python3.13 python3.12 python3.11; do \
	    if $$python -c '$(PYTHON_OK)' 2>/dev/null; then found=$$python; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then echo "No Python 3.11 or newer with venv and ensurepip found (Debian: apt install python3-venv)." >&2; exit 1; fi; \
	  $$found -m venv $(VENV); \
	fi
	@mkdir -p $(dir $(LINK)) && ln -sfn "$(CURDIR)" $(LINK)
	@if ! cmp -s tests/requirements.txt $(INSTALLED); then \
	  echo "Installing tests/requirements.txt into $(VENV) ..."; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement tests/requirements.txt \
	    && cp tests/requirements.txt $(INSTALLED); \
	fi

demo: venv
	@$(BIN)/python tools/demo.py

emulator: venv
	@exec $(BIN)/python -m konnect_emulator --port $(or $(PORT),8001) --exports \
	  $(foreach key,$(or $(UPSTREAM_KEYS),mistral-emulator-key mistral-second-fake-key),--upstream-key $(key)) \
	  $(if $(RATE_LIMIT),--rate-limit $(RATE_LIMIT)) $(if $(PROPAGATION_MS),--propagation-ms $(PROPAGATION_MS)) $(ARGS)

lint: venv
	ruff check .
	ruff format --check .
	cd $(VENV)/collections && mypy --config-file $(CURDIR)/pyproject.toml
	yamllint --strict .
	ansible-lint --offline --profile production
	antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=all --disallow-unknown-collection-refs .
	antsibull-changelog lint
	reuse lint --quiet

docs: venv
	@$(BIN)/python tools/docs.py $(if $(ONLINE),--online)

# pylint and import take longer than all other tests of ansible-test together, and ruff and the unit tests find most of
# the same; the other Pythons take as long as the rest. make lint runs the programs behind the others.
sanity: venv
	python tools/run_ansible_test.py sanity $(addprefix --skip-test ,pylint import pep8 yamllint changelog) --python $(THIS_PYTHON)

sanity-all: venv
	python tools/run_ansible_test.py sanity

units: venv
	python tools/run_ansible_test.py units --python $(THIS_PYTHON) tests/unit/plugins/

integration: venv
	python tools/run_ansible_test.py integration --local --python $(THIS_PYTHON)

molecule: venv
	molecule test

molecule-all: venv
	molecule test --all

# make lint runs ansible-lint by the same rules.
importer: venv
	GALAXY_IMPORTER_RUN_ANSIBLE_LINT=false python tools/artifact.py

importer-all: venv
	python tools/artifact.py

# Tests wait, too: one process more than there are cores keeps these busy.
pytest: venv
	pytest --numprocesses $$(python -c 'import os; print((os.cpu_count() or 1) + 1)') -m "not exhaustive"

test: venv
	@python tools/run_checks.py "$(MAKE)"

test-all: test
	$(MAKE) sanity-all units integration molecule-all importer-all docs
	ansible-lint --offline --profile production --config-file /dev/null tests/integration/howtos extensions/molecule
	pytest --numprocesses auto -m exhaustive
	KONNECT_FORK=false pytest --numprocesses auto -m "not exhaustive" tests/integration/playbooks
	python tools/matrix.py

coverage: venv
	pytest --numprocesses auto tests/unit/plugins --cov=$(LINK)/plugins/module_utils --cov-branch --cov-report=term-missing:skip-covered

mutants: venv
	@$(BIN)/python tools/mutants.py $(if $(FILE),--file $(FILE))

bench: venv
	@$(BIN)/python benchmarks/bench.py $(if $(QUICK),--quick)

clean:
	rm -rf $(VENV) docs/build .ansible .hypothesis .mypy_cache .pytest_cache .ruff_cache tests/output
