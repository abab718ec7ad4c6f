# The one door to everything. `make` alone lists what there is.

.DEFAULT_GOAL := help
.PHONY: help run stop status test faults bench drill check lock words clean environment install venv
MAKEFLAGS += --no-print-directory

# The first Python that is new enough; or name one: make PYTHON=/path/to/python3.11 run
PYTHON ?= $(shell for python in python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
PORT ?= 8000
ARGS ?=
BACKUPS ?= .local/backups

BIN := .venv/bin
INSTALLED := .venv/requirements.lock
WORDS := $(wildcard locale/*/LC_MESSAGES/django.po)
SERVICES := exec $(BIN)/python -m tracker.services

# uv trusts the certificates this machine trusts, and never fetches a Python of its own.
export UV_SYSTEM_CERTS := true
export UV_PYTHON_DOWNLOADS := never
# Compiled modules are kept even where that is off by default: without them every start of
# every process compiles Django again.
export PYTHONDONTWRITEBYTECODE :=

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: environment ## run everything at http://127.0.0.1:8000/ (another port: PORT=8080)
	@$(SERVICES) run --port $(PORT)

# Looking and stopping install nothing: who looks may be another user than who runs it.
stop: ## stop the `make run` of another terminal
	@if test -x $(BIN)/python; then $(SERVICES) stop; else echo "$(NOT_INSTALLED)"; fi

status: ## say whether `make run` is running, and where
	@if test -x $(BIN)/python; then $(BIN)/python -m tracker.services status || true; \
		else echo "$(NOT_INSTALLED)"; fi

test: environment ## run all tests on real PostgreSQL and Redis (some: ARGS="-k stale")
	@$(SERVICES) exec --profile test -- python -m pytest $(ARGS)

faults: environment ## break a whole installation, long form: 500 kills and more, some minutes
	@$(SERVICES) exec --profile test -- python -m pytest tests/faults -n 0 -s --timeout 3600 \
		-m "slow or not slow" $(ARGS)

bench: environment ## measure everything into docs/performance.md (some: ARGS="serving sweep")
	@TRACKER_MODE=development SECRET_KEY=only-for-benchmarks \
		$(SERVICES) exec --profile bench -- python -m benchmarks $(ARGS)

drill: environment ## restore the newest backup into an empty place and check it (BACKUPS=DIR)
	@$(BIN)/python -m tracker.services.drill $(BACKUPS)

check: environment ## run everything CI checks that is not a test
	@$(SERVICES) exec --profile check -- sh .ci/check

lock: ## write requirements.lock from pyproject.toml (newest of all: ARGS=--upgrade)
	@test -x $(BIN)/uv || $(MAKE) install
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --group dev \
		--generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" $(ARGS) pyproject.toml --output-file requirements.lock

clean: ## stop everything and remove .venv, caches and .local with its data
	@if $(BIN)/python -c "" 2>/dev/null; then for profile in development test check bench; do \
		$(BIN)/python -m tracker.services --profile $$profile erase || exit 1; done; fi
	@rm -rf .venv .local .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment: a venv, in it the uv of the lock, and with that everything else of the lock.
# Compared by content, so that changing branches forth and back installs nothing.

environment:
	@cmp -s requirements.lock $(INSTALLED) && $(BIN)/python -c '' 2>/dev/null || $(MAKE) install
	@$(MAKE) --silent $(WORDS:.po=.mo)

# Translations as programs read them; half of one is none.
.DELETE_ON_ERROR:
%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ \
		--locale $(word 2,$(subst /, ,$<))

words: environment ## collect what is to be translated into locale/ (docs/translation.md)
	@$(BIN)/python -m tracker.words
	@$(MAKE) --silent $(WORDS:.po=.mo)

install:
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(MAKE) venv
	@awk '/^uv==/ { inside = 1 } inside { print; if (!/\\$$/) exit }' requirements.lock \
		> .venv/uv.txt
	@echo "==> Installing requirements.lock"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--require-hashes --requirement .venv/uv.txt || { $(NOT_DOWNLOADED); }
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock \
		|| { $(NOT_DOWNLOADED); }
	@cp requirements.lock $(INSTALLED)

venv:
	@test -n "$(PYTHON)" || { echo "There is no Python 3.11 or newer here. Install one" \
		"(Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python)" \
		"or name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) comes without" \
		"its venv module. Install it (Debian, Ubuntu: apt-get install python3-venv) or name" \
		"another Python: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "==> Making .venv with $(PYTHON)"
	@$(PYTHON) -m venv --clear .venv

NOT_INSTALLED := Nothing is installed here, so nothing is running.

NOT_DOWNLOADED := echo "The packages could not be installed; the reason is above. Without a" \
	"network nothing can be downloaded; behind a proxy or mirror set HTTPS_PROXY, or" \
	"PIP_INDEX_URL and UV_DEFAULT_INDEX. A wrong hash means a package that is not the one" \
	"this lock was made for. Then run make again." >&2; exit 1
