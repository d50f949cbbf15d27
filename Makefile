.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
# The local uv wins over one on the machine, so that everybody resolves with the same version.
UV := .uv/bin/uv
CASA := .venv/bin/casa
# Python keeps what it compiled, or each start would take three seconds longer.
unexport PYTHONDONTWRITEBYTECODE
export UV_NO_PROGRESS ?= 0

.PHONY: help setup dev run test check train eval test-faults bench clean format rasa test-stock-rasa bench-nlu bench-nlu-speed bench-routes bench-publish fuzz

help: ## Print every target with a sentence
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: .venv/.runtime ## Set up the environment in .venv (with .venv/bin/casa), without development tools

dev: .venv/.dev ## Set up the environment with the tools for tests and checks

run: setup ## Set up, train the model if needed, and serve the assistant on http://127.0.0.1:8311
	@$(CASA) serve

test: dev ## Run all tests, on all processors (browser tests need Chromium)
	@.venv/bin/python -m pytest -n auto --dist loadfile

check: dev ## Check style, types, import contracts, answers and examples
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(CASA) faq check

test-faults: dev ## Kill the service again and again under 2,000 messages, on SQLite and PostgreSQL, and print what was lost (nothing)
	@.venv/bin/python -m tests.faults

bench: dev ## Measure webhook acknowledgement and end-to-end rate, beside an echo bot and the official Rasa (brings 2.5 GB)
	-@$(MAKE) --no-print-directory .rasa/.ready
	@.venv/bin/python -m bench.delivery

train: setup ## Train the language model on the present data
	@$(CASA) train

eval: setup ## Measure the understanding of messages; writes docs/nlu-report.md (several minutes)
	@$(CASA) nlu report

rasa: .rasa/.ready ## Run a command of the official Rasa on this project: make rasa ARGS="shell nlu" (brings 2.5 GB into .rasa)
	@RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 PYTHONPATH=. .rasa/bin/python -W ignore -m bench.stock_rasa.launch $(ARGS)

test-stock-rasa: dev .rasa/.ready ## Load one model in the official Rasa and in ours: the same intents and confidences
	@.venv/bin/python -m pytest tests/nlu/test_stock_rasa.py

bench-nlu: dev .rasa/.ready ## Train and measure the official Rasa's pipelines and ours side by side (takes long)
	@.venv/bin/python -m bench.stock_rasa

bench-nlu-speed: dev ## Time training, extending, loading and parsing, and weigh the serving process
	@.venv/bin/python -W ignore -m bench.nlu

bench-publish: dev ## Time an answer with new examples from "publish" to the chat, and count lost messages (none)
	@.venv/bin/python -W ignore -m bench.publishing

fuzz: dev ## Send 100,000 random strings through the language model, with a bound on the time each may take
	@.venv/bin/python -W ignore -m tests.nlu.fuzz

bench-routes: dev ## Measure the search for ways and the drawing of maps over all pairs of stops
	@.venv/bin/python -m bench.routes

format: dev ## Format the code
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

clean: ## Remove what was built: environment, models, local data
	@rm -rf .venv .uv .rasa models var .pytest_cache .mypy_cache .ruff_cache

$(UV): scripts/get-uv.sh
	@$(SHELL) scripts/get-uv.sh $(PYTHON)

.venv/.runtime: $(UV) uv.lock pyproject.toml
	@echo "Setting up the environment (once; a minute or two on a slow line) …"
	@$(UV) sync --frozen --no-dev --inexact
	@touch $@

.venv/.dev: $(UV) uv.lock pyproject.toml
	@echo "Setting up the environment with development tools (once) …"
	@$(UV) sync --frozen --group dev
	@touch .venv/.runtime $@

.rasa/.ready: $(UV) scripts/get-stock-rasa.sh
	@$(SHELL) scripts/get-stock-rasa.sh
