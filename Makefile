# Each target first completes .venv (scripts/setup.sh; nothing to do the second time). Extra arguments: make run ARGS="--help".
.PHONY: help run test docs lint bench mutants hostile

SUITE = .venv/bin/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

help:
	@echo 'make run     learn digits on line in Lava'\''s simulation (3 to 4 minutes the first time)'
	@echo 'make test    the whole test suite (10 to 25 minutes on two cores)'
	@echo 'make docs    serve the site: guide, tutorials, reference, specification, results (in half a minute)'
	@echo 'make lint    ruff and pyright (under one minute)'
	@echo 'make bench   time per step and samples/s of every engine, sizes, threads, memory (about 10 minutes)'
	@echo 'make mutants change the arithmetic in one place at a time and see that it is caught (at most two hours)'
	@echo 'make hostile damaged files, failing disks, signals, odd environments: nothing may crash, hang or change in silence (20 minutes)'
	@echo 'Options go into ARGS, as in: make run ARGS="--help".  Python 3.10 is looked for; PYTHON=/path/to/python3.10 names one.'

run:
	@bash scripts/setup.sh base
	@echo 'run: learning digits on line in Lava'\''s simulation, 3 to 4 minutes with the default options'
	@.venv/bin/python deploy/to_loihi.py $(ARGS)

test:
	@bash scripts/setup.sh test
	@echo 'test: the suite, 10 to 25 minutes on two cores; the long runs besides: make test ARGS="-m slow"'
	@.venv/bin/python -m scripts.compile_twin
ifdef ARGS
	@$(SUITE) $(ARGS)
else
	@status=0; $(SUITE) --torch=with || status=1; $(SUITE) --torch=without || status=1; exit $$status
endif

docs:
	@bash scripts/setup.sh docs
	@NO_MKDOCS_2_WARNING=1 .venv/bin/python -m mkdocs serve $(ARGS)

lint:
	@bash scripts/setup.sh lint
	@bash scripts/lint.sh

bench:
	@bash scripts/setup.sh base
	@echo 'bench: time per step and samples/s of every engine, about 10 minutes'
	@.venv/bin/python -m benchmarks $(ARGS)

mutants:
	@bash scripts/setup.sh test
	@echo 'mutants: one change at a time, stops after 120 minutes; ARGS="--minutes 20" for a part, ARGS="--journal FILE" to go on another time'
	@.venv/bin/python -m mutants $(ARGS)

hostile:
	@bash scripts/setup.sh test
	@echo 'hostile: about 1,900 trials, some 15 minutes; ARGS="--only flips" for a kind, ARGS="--seed 2" for others'
	@.venv/bin/python -m sim_tests.hostile $(ARGS)
