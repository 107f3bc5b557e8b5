# Two commands do everything: `make run` and `make test`. The rest is for developers.
PYTHON ?= python3
PORT ?= 8501
# Who may come: this computer alone, or with HOST=0.0.0.0 everybody who reaches it, such as a class.
HOST ?= localhost
VENV := .venv
BIN := $(VENV)/bin
# Optional: the package index of a CPU or CUDA build of torch (see README); passed only for torch.
TORCH_INDEX ?=

.PHONY: run test check lint types imports js js-lint js-types types-js unit pages processes browser browser-ready bench view docs lock clean

run: $(VENV)/.users
	$(BIN)/streamlit run app.py --server.address $(HOST) --server.port $(PORT)

test: check pages processes browser

check: lint types imports js unit

lint: $(VENV)/.developers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.developers
	$(BIN)/mypy

imports: $(VENV)/.developers
	$(BIN)/lint-imports

js: js-lint js-types

js-lint: $(VENV)/.developers
	$(BIN)/oxlint --deny-warnings

js-types: node_modules/.installed
	$(BIN)/python tools/js_types.py --check
	$(BIN)/python tools/node.py node_modules/typescript/bin/tsc --project tsconfig.json
	$(BIN)/python tools/node.py node_modules/typescript/bin/tsc --project tests/js/tsconfig.json

# Writes the shapes of what Python sends to the views: cnnviz/components/shared/types.d.ts.
types-js: $(VENV)/.developers
	$(BIN)/python tools/js_types.py

unit: node_modules/.installed
	$(BIN)/pytest -m "not browser and not processes" -n 2 --dist worksteal --ignore=tests/pages

pages: $(VENV)/.developers
	$(BIN)/pytest tests/pages -n 2

# Real servers, child processes, benchmarks and whole trainings.
processes: $(VENV)/.developers
	$(BIN)/pytest -m processes -n 2 --dist loadscope

# A file stays with one worker: its tests share a page.
browser: $(VENV)/.developers browser-ready
	$(BIN)/pytest -m browser -n 2 --dist loadscope

browser-ready:
	@tests/browser/ensure_chromium.sh

bench: node_modules/.installed
	$(BIN)/python -m benchmarks

# One view alone, with sample data, on port 8600 of this computer; a reload reads the files again.
view: $(VENV)/.developers
	$(BIN)/python tools/view_page.py

docs: $(VENV)/.developers browser-ready
	PYTHONPATH=. $(BIN)/python docs/screenshots.py

# A file stands for "these requirements are installed", so a second `make run` installs nothing.
# torch comes last and by pip: its needs are there by then, and only pip reads the configuration that may name
# a CPU build (uv would fetch the index's default, several gigabytes of CUDA packages on Linux).
$(VENV)/.users: requirements.txt requirements.lock requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cnnviz needs Python 3.11 or newer; this is %d.%d (choose one with make PYTHON=…)." % sys.version_info[:2])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	tools/install.sh requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch==2.13.0
	@touch $@

$(VENV)/.developers: $(VENV)/.users requirements-dev.txt requirements-dev.lock
	tools/install.sh requirements-dev.lock
	@touch $@

# TypeScript's checker, by the npm that the pinned wheel carries: nothing outside this folder is touched.
node_modules/.installed: $(VENV)/.developers package.json package-lock.json
	$(BIN)/python tools/node.py npm ci --silent
	@touch $@

# Writes *.lock, constraints.txt and sbom.cdx.json from requirements*.txt; UPGRADE=1 takes newer versions.
lock: $(VENV)/.developers
	tools/install.sh requirements-uv.lock
	$(BIN)/python tools/lock.py $(if $(UPGRADE),--upgrade)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results node_modules
