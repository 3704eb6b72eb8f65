# Two commands do all the set-up on a fresh machine: make refresh, make test.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON ?= python3

.PHONY: refresh check test test-slow example bench docs code-lists messages lock clean
.DEFAULT_GOAL := refresh

# The real plan into warehouse/current, as a Prefect flow.
refresh: $(READY)
	$(BIN)/npa refresh --runner prefect

# Lint, format, types, import order, generated pages and catalogues, no address of a package index in what is committed.
check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate.pages --check
	$(BIN)/python -m schemas.code_lists.generate --check
	$(BIN)/python -m transforms.statistics.labels.generate --check
	$(BIN)/python -m transforms.quality.generate --check
	@! git grep -nIE '(index-url|find-links)[ =]|https?://[^ ]*(pypi|/simple)' -- . ':!Makefile' \
		|| { echo 'an address of a package index is committed'; exit 1; }

# What takes minutes, or needs servers, clients, LibreOffice, full disks. A test is in one of the two; properties are in
# both. `make test COVERAGE=1 && make test-slow` measures both, subprocesses included, and takes half as long again.
SLOW := server or dask or kills or full_disk or client or libreoffice or slow
PYTEST = -m pytest --numprocesses logical --dist loadfile
MEASURED := COVERAGE_FILE=$(CURDIR)/.coverage $(BIN)/python -m coverage

test: $(READY)
ifdef COVERAGE
	$(MEASURED) erase
	$(MEASURED) run $(PYTEST) -m 'not ($(SLOW))'
else
	$(BIN)/python $(PYTEST) -m 'not ($(SLOW))'
endif

# Last the coverage: the total, and files of which less than 80 % is run.
test-slow: $(READY)
	@status=0; $(MEASURED) run $(PYTEST) -m '$(SLOW) or property' --hypothesis-profile thorough || status=$$?; \
	$(MEASURED) combine --quiet; \
	$(MEASURED) report --sort=cover | awk '/^Name|^TOTAL/ || $$NF + 0 < 80 && /%/'; exit $$status

# The whole round on invented reports, into a warehouse of its own.
example: $(READY)
	$(BIN)/npa refresh --runner direct --raw examples --warehouse examples/warehouse --as-of 2020-12-31
	$(BIN)/npa status --warehouse examples/warehouse --agency AOS
	$(BIN)/npa rejected --warehouse examples/warehouse

bench: $(READY)
	failed=0; for each in run px sdmx_ml observations diff night; do \
		$(BIN)/python benchmarks/$$each.py || failed=1; done; exit $$failed

# Generated pages, after a change of schemas/ or transforms/views/.
docs: $(READY)
	$(BIN)/python -m docs.generate.pages

# schemas/code_lists/, after a change of the lists under raw/ that they are made from.
code-lists: $(READY)
	$(BIN)/python -m schemas.code_lists.generate
	$(BIN)/python -m transforms.statistics.labels.generate

# Message catalogues of transforms/quality/locale/, after a change of messages.csv or of a translation (npa.po).
messages: $(READY)
	$(BIN)/python -m transforms.quality.generate

# After a change of pyproject.toml: needs uv, which a fresh machine does not.
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-header \
		--group dev --quiet pyproject.toml -o requirements.lock

# --no-deps: the lock is whole, and pip before 23.3 does not hold what a package asks for by an extra to it.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "npa needs Python 3.11 or newer; name one: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

clean:
	rm -rf $(VENV)
