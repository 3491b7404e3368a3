# What to type. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON := .venv/bin/python
# Where Python may not keep what it has compiled, each start of a process costs ten seconds and more.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help up watch profile setup test check catalogs train e2e bench image lock version release licences audit clean

help: ## List what can be made
	@echo "Staffel. Begin with: make up"
	@echo
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "The command line itself: ./staffel --help"

up: ## Set everything up and run helpdesk and bot (Ctrl-C stops them)
	@./staffel up $(ARGS)

watch: ## Like up, and helpdesk starts again whenever one of its files changes
	@./staffel up --watch $(ARGS)

profile: ## Run Staffel under a sampling profiler; Ctrl-C writes .tmp/profile.svg
	@sh setup/environments.sh dev bot
	@mkdir -p .tmp
	PYTHONPATH=. .venv/bin/py-spy record --subprocesses --rate 100 --output .tmp/profile.svg -- $(PYTHON) -P -m helpdesk.host.cli up $(ARGS)

setup: ## Only install both environments, with the tools for tests
	@sh setup/environments.sh dev bot
	@sh setup/node.sh || [ $$? -eq 3 ]

check: ## Format, lint, types, import rules and the fast tests
	@sh setup/environments.sh dev
	@sh setup/check.sh
	$(PYTHON) -m pytest tests/unit -q -n auto

catalogs: ## Bring the message catalogs (locale/) up to what the source says
	$(PYTHON) -m i18n update
	$(PYTHON) -m helpdesk.web.chat.widget_words

test: setup ## Everything: checks, unit, integration (SQLite, PostgreSQL, Redis), bot and browser
	@sh setup/test.sh $(ARGS)

train: ## Train the bot when something it learns from has changed
	@./staffel train $(ARGS)

e2e: setup train ## The whole way in a real browser
	$(PYTHON) -m pytest tests/e2e $(ARGS)

bench: setup train ## Measure every number we publish
	$(PYTHON) -m benchmarks $(ARGS)

image: setup train ## Build the container image without a registry (root, Debian) and try it
	@sh deploy/image.sh .tmp/image
	STAFFEL_TEST_IMAGE=.tmp/image/root $(PYTHON) -m pytest -s tests/image $(ARGS)
	@sh deploy/image.sh .tmp/image remove

lock: ## Pin the newest allowed versions of all libraries, with hashes
	@sh setup/lock.sh

version: ## Begin a release: make version VERSION=1.4.0 gives what CHANGELOG.md has under Unreleased that version
	$(PYTHON) -m release begin "$(VERSION)"

release: ## Make a release of what is committed: archive, bills of materials and checksums in dist/, and the tag
	@sh setup/environments.sh dev bot
	$(PYTHON) -m release build $(ARGS)

licences: ## Write docs/licences.md anew, from the lock files and both environments
	@sh setup/environments.sh dev bot
	$(PYTHON) -m release licences

audit: ## Compare the lock files with the advisory services of PyPI and npm (needs the network)
	@sh setup/environments.sh dev
	@sh setup/audit.sh
	$(PYTHON) -m release audit

clean: ## Remove both environments, caches and the trained model (never var/, which holds your data)
	rm -rf node_modules .venv .uv .tmp .rasa bot/.venv models .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
