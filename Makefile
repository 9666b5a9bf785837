# Every command a person needs. Python 3.11 or newer, stable Rust and make are all they ask for.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := $(CURDIR)/.venv
PYTHON := $(VENV)/bin/python
RUST_SOURCES := Cargo.toml Cargo.lock $(shell find crates -name '*.rs' -o -name Cargo.toml)

export VIRTUAL_ENV := $(VENV)
export PYO3_PYTHON := $(PYTHON)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup demo test test-rust test-python check wheel bench bench-peers bench-gate stubs golden errors fuzz coverage clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

setup: $(VENV)/.extension ## make .venv and build the extension, as far as something changed

demo: setup ## simulate a year of made-up minutes and show the result
	@$(VENV)/bin/omegasim demo

test: test-rust test-python ## run every test

test-rust: setup
	cargo test --locked --package omegasim-core

test-python: setup
	PYTHONWARNINGS=default $(PYTHON) -m pytest

check: setup ## formatting, lints, types, stubs
	@scripts/check-rust fmt clippy
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/ruff check
	$(PYTHON) -m mypy
	$(MAKE) --no-print-directory stubs

stubs: setup ## compare _core.pyi with the extension
	$(PYTHON) -m mypy.stubtest omegasim._core --mypy-config-file pyproject.toml

wheel: $(VENV)/.requirements ## build the wheel for Python 3.11 and newer into dist/
	@scripts/check-rust
	$(VENV)/bin/maturin build --release --locked --out dist

bench: setup ## time and memory of large runs
	$(PYTHON) tests/benchmarks/million_bars.py
	$(PYTHON) tests/benchmarks/indicators.py
	$(PYTHON) tests/benchmarks/strategies.py
	$(PYTHON) tests/benchmarks/portfolio.py
	$(PYTHON) tests/benchmarks/startup.py
	$(PYTHON) -m pytest tests/benchmarks/test_bench_execution_simulator.py --benchmark-enable --benchmark-columns=min,median,rounds -s

bench-peers: setup ## the same work through other simulators, each in an environment of its own
	$(PYTHON) benchmarks/peers/run.py

bench-gate: ## instructions of fixed workloads against the stored ones
	python3 tests/benchmarks/gate.py

golden: setup ## store the golden tables anew and show what changed
	cd tests && $(PYTHON) -m golden.store

errors: setup ## write docs/errors.md anew
	$(PYTHON) docs/list_errors.py

fuzz: setup ## twenty thousand random cases through the simulator and the plain-Python oracle; both doors, cuts, damage
	cd tests && $(PYTHON) -m property.fuzz
	cd tests && $(PYTHON) -m property.fuzz_stepwise

coverage: ## lines of the core that its tests run
	@scripts/coverage

clean: ## remove what the commands made, saved runs excepted
	rm -rf .venv target dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -f python/omegasim/_core*.so

$(VENV)/.requirements: requirements-dev.txt
	@python=$$(scripts/find-python); \
	[ -x $(PYTHON) ] || "$$python" -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --requirement requirements-dev.txt
	@touch $@

$(VENV)/.extension: $(VENV)/.requirements pyproject.toml $(RUST_SOURCES)
	@scripts/check-rust
	$(VENV)/bin/maturin develop --release --locked --quiet
	@touch $@
