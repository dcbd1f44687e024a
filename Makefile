# make install   the environment in .venv, from constraints.txt
# make demo      reads samples/ into a demo database and asks it one question
# make check     ruff and mypy
# make test      make check, then the whole suite
# make bench     the table of speeds

PYTHON ?= python3
BIN := .venv/bin
# beside the settings of whoever runs it: the demo has its own database
DEMO := .venv/demo.db
QUESTION := 柴桥2020年收到几件申请

.PHONY: install demo check test bench clean
.DELETE_ON_ERROR:

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'wenbao needs Python 3.11 or newer; try make PYTHON=python3.12 $(MAKECMDGOALS)'; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt 'setuptools>=77'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -c constraints.txt -e '.[dev]'
	@touch $@

demo: .venv/installed
	@rm -f $(DEMO) $(DEMO)-wal $(DEMO)-shm
	@$(BIN)/wenbao ingest samples --db sqlite:///$(DEMO)
	@echo
	@echo '> wenbao ask $(QUESTION)'
	@$(BIN)/wenbao ask '$(QUESTION)' --db sqlite:///$(DEMO)

check: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/mypy

# a file's tests stay together: they share the store that they fill once
test: check
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

bench: .venv/installed
	$(BIN)/python -m benchmarks.run

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
