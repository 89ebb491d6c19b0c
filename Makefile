# Two commands do everything on a fresh machine with Python 3.11+ and make:
#   make study   set up and run the juvenile dermatomyositis study
#   make test    set up and run the whole test suite
PYTHON ?= python3
BIN := .venv/bin

.PHONY: study test check docs benchmark clean
.DELETE_ON_ERROR:

study: .venv/.installed
	$(BIN)/myosotis run examples/baricitinib_jdm --out out/baricitinib_jdm

test: .venv/.installed-dev
	$(BIN)/python -m pytest -n 2

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/build.py --check

docs: .venv/.installed-dev
	$(BIN)/python docs/build.py

benchmark: .venv/.installed
	$(BIN)/python benchmarks/cost.py

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "myosotis needs Python 3.11 or newer; this is %d.%d. Name another with: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

.venv/.installed-dev: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv out build dist
