# Two commands do everything: `make run` and `make test`.
SHELL := /bin/bash
ML := .venvs/ml/bin
RASA := .venvs/rasa/bin
# Each file stays in one process; in the order of the folders, so that those with real processes begin first.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: run test check dialogue acceptance setup diarization bench lock clean

run: setup  ## set up what is missing, then start everything and print the address
	@$(ML)/attune up

setup:
	@requirements/install.sh

diarization:  ## the optional environment of pyannote.audio: who speaks when
	@requirements/install.sh rasa ml diarization
	@$(ML)/attune doctor | grep -A 1 "who speaks" || true

bench: setup  ## the optional environment of openSMILE and Praat, which `attune bench prosody` measures against
	@requirements/install.sh bench

test: setup  ## set up what the tests need and run them all
	@tests/packages.sh
	@$(MAKE) --no-print-directory --output-sync -j 2 check dialogue
	@$(ML)/python -m pytest $(SIDE_BY_SIDE) $(PYTEST_ARGS)

acceptance:  ## the acceptance cases in a real browser against the real processes: one JSON line each
	@$(MAKE) --no-print-directory setup >&2
	@tests/packages.sh >&2
	@$(ML)/python -m tests.acceptance.report

dialogue: setup  ## train the assistant and test what runs inside Rasa
	@$(ML)/attune train
	@PYTHONPATH=. $(RASA)/python -m pytest -c tests/bot/pytest.ini tests/bot

check: setup  ## style, types and layers
	@$(ML)/ruff check .
	@$(ML)/ruff format --check .
	@$(ML)/mypy
	@$(ML)/python -m pytest -q tests/test_layers.py

# Local labels such as +cpu are left out: the release counts, and an index may not carry that very build.
# The recogniser's model has a pin of its own: requirements/speech_model.txt. triton (1 GB) is asked for by
# openai-whisper for graphics cards only; a torch built for them brings it along.
lock:  ## write the locks anew from the environments that are here
	@for name in rasa ml diarization bench; do [ -x .venvs/$$name/bin/python ] || continue; .venvs/$$name/bin/python -m pip freeze --all --exclude pip --exclude moonshine-voice --exclude triton --exclude-editable 2>/dev/null | sed 's/+[A-Za-z0-9.]*$$//' > requirements/$$name.lock; done

clean:  ## remove what was made here: environments, database, models, keys. Asks first.
	@read -r -p "This deletes .venvs and var, with every conversation and key. Type yes: " answer && [ "$$answer" = yes ] && rm -rf .venvs var
