# Every verb of this project. The work is done by the scripts; this file only names them.

.DEFAULT_GOAL := help
.PHONY: help run test browser-tests examples doc-commands soak attack bench image container-test lint format setup clean

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Set up, build and start everything here with a simulated provider; ONCE=1 ends after one round trip
	@scripts/run.sh

test: ## Set up and run every test on a broker of its own; FILTER=<regular expression> for a part
	@scripts/test.sh

browser-tests: ## Build, and go through both pages in a headless Chromium; ONLY=<part of a test's name>, SCREENSHOTS=docs/images renews the pictures
	@scripts/setup.sh --browser
	@swift build --product sms-bridge
	@scripts/browser-tests/run.sh $(PAGES)

examples: ## Run the programs in examples/ against the service; ONLY="go ruby" for some
	@scripts/setup.sh --examples
	@scripts/with-stage.sh scripts/examples.sh $(ONLY)

doc-commands: ## Run the command lines of README and docs against the service; ONLY="README.md docs/send-api.md" for some pages
	@scripts/setup.sh --tests --examples
	@scripts/with-stage.sh scripts/doc-commands.py $(ONLY)

soak: ## Load everything while it dies at random, then balance the books; MINUTES=3, SEED=<number>; variants: RATE=50/s ANONYMOUS=1 PROXY=1 CLOCK=1 DISK=1; REPLICAS=3 COUNT=3000
	@$(if $(REPLICAS),scripts/soak-replicas.sh,scripts/soak.sh)

attack: ## Attack it with malformed HTTP, slow clients and generated requests; MINUTES=10, SEED=<number>, ONLY="malformed slow contract"
	@scripts/attack.sh

bench: ## Measure in a release build; ONLY="opt-outs store text reading broker service campaign flat" for a part, BRIDGE=<program>; CHECK=1 ONLY=service compares counts alone
	@scripts/bench.sh

image: ## Build the container image sms-bridge:dev
	@docker build -f docker/Dockerfile -t sms-bridge:dev --build-arg VERSION="$$(scripts/version.sh)" \
		--build-arg REVISION="$$(git rev-parse HEAD 2>/dev/null || echo unknown)" .

container-test: ## Build the image, start it with compose, and hold docs/deployment.md against it; then the demo, and three replicas
	@docker/test.sh
	@docker/test-demo.sh
	@docker/test-replicas.sh

lint: ## Check the format, the alerts, the Kubernetes manifests, and whether the pages say what the shipped files say
	@scripts/check-config.sh
	@swift format lint --recursive --strict --parallel Sources Tests Package.swift
	@/usr/bin/python3 scripts/check-docs.py

format: ## Bring the sources into the format
	@swift format --recursive --parallel --in-place Sources Tests Package.swift

setup: ## Install by apt what building and running need
	@scripts/setup.sh

clean: ## Remove what was built, and what make run keeps in .local
	@scripts/clean.sh
