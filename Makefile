# `make` or `make help` says what can be made. What is missing is installed first, once, by config/setup.sh;
# the stamps in .venv remember that it was.

BIN := .venv/bin
UV_LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--fork-strategy fewest --no-emit-index-url --no-header --no-annotate $(if $(UPGRADE),--upgrade)

# Tests wait more than they work: two files of them at a time take little more than half as long.
SIDE_BY_SIDE := --numprocesses 2 --dist loadfile --no-loadscope-reorder --timeout 300

.DEFAULT_GOAL := help
.PHONY: help setup run test test-hardware lint soak bench lock picture reference install

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 24

setup: .venv/run-ready ## Install what `make run` needs
run: .venv/run-ready ## Run exchange, station and web page here; CONFIG=FILE names settings
	@exec $(BIN)/intercom demo $(if $(CONFIG),--config "$(CONFIG)")

test: lint ## Run all tests, in a real browser too; ARGS="-k mute" chooses
	@exec $(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

test-hardware: .venv/test-ready ## Run what needs a kernel with GPIO, in a virtual machine that is made once
	@exec tests/hardware/bed.sh $(ARGS)

lint: .venv/test-ready ## Check style and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

soak: .venv/test-ready ## Run what takes long: hundreds of calls, a network that fails for a minute
	@exec $(BIN)/python -m pytest -m soak $(ARGS)

bench: .venv/bench-ready ## Measure calls beside baresip, 10 minutes; FULL=1 fills the whole table
	@exec $(BIN)/python -m bench $(if $(FULL),--full) $(ARGS)

lock: .venv/run-ready ## Pin the packages anew from pyproject.toml; UPGRADE=1 takes newer ones
	@$(UV_LOCK) --group pyproject.toml:setup -o config/setup.txt
	@$(UV_LOCK) --extra processing pyproject.toml -o requirements.txt
	@$(UV_LOCK) --group pyproject.toml:test -c requirements.txt -o tests/requirements.txt
	@$(UV_LOCK) --group pyproject.toml:bench -c requirements.txt -c tests/requirements.txt -o bench/requirements.txt

picture: .venv/run-ready ## Draw config/ring.svg, what the ring shows, anew
	@$(BIN)/python -m intercom.station.picture > config/ring.svg

reference: .venv/run-ready ## Write the README's reference of commands anew from their table
	@$(BIN)/python -m intercom.console.reference README.md

install: .venv/run-ready ## Install package, settings, units and udev rules on this machine
	@$(if $(filter 0,$(shell id -u)),,sudo )config/install.sh

.venv/run-ready: requirements.txt config/setup.txt config/setup.sh pyproject.toml
	@config/setup.sh run
	@touch $@

.venv/test-ready: .venv/run-ready tests/requirements.txt tests/browser/package-lock.json
	@config/setup.sh test
	@touch $@

.venv/bench-ready: .venv/test-ready bench/requirements.txt
	@config/setup.sh bench
	@config/setup.sh bench-python
	@touch $@
