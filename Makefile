# Every target is one line that calls tools/; ARGS goes to the tool: make test ARGS="tests/domain -q"
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench letters lock

help: ## list these targets
	@sed -n 's/^\([a-z]*\): ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

setup: ## install what the portal needs to run, into .venv
	@tools/setup --run

demo: ## start both faces, identity provider and worker with invented data
	@tools/demo $(ARGS)

test: ## run the whole suite on SQLite and PostgreSQL, browser included
	@tools/test $(ARGS)

check: ## lint, formatting, types, import contracts, translations
	@tools/check

bench: ## measure against the anchors and print the ratios
	@tools/bench $(ARGS)

letters: ## write one of each letter as PDF and pictures into var/letters
	@tools/letters $(ARGS)

lock: ## resolve requirements*.in into the hashed locks again
	@tools/lock $(ARGS)
