# make demo · make test · make lab: each sets everything up first, in .venv, and says what it does
VENV   ?= .venv
PYTHON ?= $(shell for p in python3.11 python3.12 python3.10 python3 python; do \
  $$p -c 'import sys, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null && { command -v $$p; break; }; done)
BIN     = $(VENV)/bin
READY   = $(VENV)/.ready
export PATH := $(abspath $(BIN)):$(PATH)

.PHONY: help setup demo test sabotage lab bench bench-scale gpu-test readme clean
help:
	@echo "make demo    two small worlds, five systems trained on them, one page that shows it: under eight minutes on two idle cores"
	@echo "make test    every notebook and check"
	@echo "make sabotage  break the library on purpose, in a copy: each breakage must turn a notebook red (about 7 minutes)"
	@echo "make lab     JupyterLab on nbs/"
	@echo "make bench   every speed claim beside a peer, in one run: under 15 minutes (bench-scale: how cost grows; gpu-test: on CUDA)"
	@echo "make readme  README.md from nbs/index.ipynb"
	@echo "make clean   remove .venv"

setup: $(READY)

$(READY): constraints.txt settings.ini setup.py
	@test -n "$(PYTHON)" || { echo "lipnb needs Python 3.10, 3.11 or 3.12 with venv (on Debian: apt install python3-venv)"; exit 1; }
	@echo "== set-up 1/2: $(VENV), with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@echo "== set-up 2/2: packages as pinned in constraints.txt, about 4 GB the first time (5 to 15 minutes)"
	@PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CONSTRAINT=$(abspath constraints.txt) $(BIN)/python -m pip install -e '.[all,dev]'
	@touch $(READY)

demo: $(READY)
	@$(BIN)/lipnb demo $(ARGS)

test: $(READY)
	@$(BIN)/python .ci/test.py

sabotage: $(READY)
	@$(BIN)/python .ci/sabotage.py $(ARGS)

lab: $(READY)
	@$(BIN)/jupyter lab --notebook-dir nbs $(if $(filter 0,$(shell id -u)),--allow-root)

bench: $(READY)
	@$(BIN)/python -c 'import encodec, vector_quantize_pytorch' 2>/dev/null || PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CONSTRAINT=$(abspath constraints.txt) $(BIN)/python -m pip install -q -e '.[bench]' || echo "the peers cannot be installed: their rows will say so"
	@$(BIN)/lipnb bench $(ARGS)

bench-scale: $(READY)
	@$(BIN)/lipnb bench --scale $(ARGS)

gpu-test: $(READY)
	@$(BIN)/lipnb bench --gpu-test --device cuda $(ARGS)
	@$(BIN)/lipnb bench --only gpu --device cuda $(ARGS)

readme: $(READY)
	@$(BIN)/python .ci/readme.py

clean:
	rm -rf $(VENV) lipnb.egg-info
