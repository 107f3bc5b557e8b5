# Two commands do everything: `make run` and `make test`. The rest is for developers.
PYTHON ?= python3
PORT ?= 8501
# Who may come: this computer alone, or with HOST=0.0.0.0 everybody who reaches it, such as a class.
HOST ?= localhost
VENV := .venv
BIN := $(VENV)/bin
# Optional: the package index of a CPU or CUDA build of torch (see README); passed only for torch.
TORCH_INDEX ?=

.PHONY: run test check lint types imports unit pages browser browser-ready bench docs lock clean

run: $(VENV)/.users
	$(BIN)/streamlit run app.py --server.address $(HOST) --server.port $(PORT)

test: check pages browser

check: lint types imports unit

lint: $(VENV)/.developers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.developers
	$(BIN)/mypy

imports: $(VENV)/.developers
	$(BIN)/lint-imports

unit: $(VENV)/.developers
	$(BIN)/pytest -m "not browser" -n 2 --ignore=tests/pages

pages: $(VENV)/.developers
	$(BIN)/pytest tests/pages -n 2

browser: $(VENV)/.developers browser-ready
	$(BIN)/pytest -m browser -n 2

browser-ready:
	@tests/browser/ensure_chromium.sh

bench: $(VENV)/.developers
	$(BIN)/python -m benchmarks

docs: $(VENV)/.developers browser-ready
	PYTHONPATH=. $(BIN)/python docs/screenshots.py

# A file stands for "these requirements are installed", so a second `make run` installs nothing.
$(VENV)/.users: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cnnviz needs Python 3.11 or newer; this is %d.%d (choose one with make PYTHON=…)." % sys.version_info[:2])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(if $(TORCH_INDEX),$(BIN)/pip install --quiet --disable-pip-version-check --index-url $(TORCH_INDEX) torch==2.13.0)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.developers: $(VENV)/.users requirements-dev.txt constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# Writes the versions of everything that is installed, direct requirements excepted.
lock: $(VENV)/.developers
	( echo "# Versions of everything that requirements*.txt bring along; written by 'make lock'."; \
	  $(BIN)/pip freeze | grep -vE "^($$(sed -nE 's/^([a-z-]+)==.*/\1/p' requirements*.txt | paste -sd'|'))==" ) > constraints.new
	mv constraints.new constraints.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
