# A fresh machine needs rustup, npm and make. Everything else is installed in this folder, except Chromium and Python,
# which only the tests need. If `make test` runs as root and the machine has apt-get, it installs those too; otherwise
# it says what is missing.

SHELL := /bin/bash
.SHELLFLAGS := --norc -e -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help

# wasm-bindgen's command-line tool must have exactly the version of the crate; worker-build is released together with
# worker. So both versions are read from Cargo.lock.
locked_version = $(shell sed -n '/^name = "$(1)"$$/{n;s/^version = "\(.*\)"$$/\1/p;}' Cargo.lock)
WASM_BINDGEN_VERSION := $(call locked_version,wasm-bindgen)
WORKER_BUILD_VERSION := $(call locked_version,worker)

# The tools that check the dependencies and the tests.
CARGO_DENY_VERSION := 0.20.2
CARGO_MACHETE_VERSION := 0.9.2
CARGO_CYCLONEDX_VERSION := 0.5.9
CARGO_MUTANTS_VERSION := 27.1.0
CARGO_FUZZ_VERSION := 0.13.1

TOOLS := $(CURDIR)/.tools
WORKER_BUILD := $(TOOLS)/worker-build-$(WORKER_BUILD_VERSION)
WASM_BINDGEN := $(TOOLS)/wasm-bindgen-cli-$(WASM_BINDGEN_VERSION)
CARGO_DENY := $(TOOLS)/cargo-deny-$(CARGO_DENY_VERSION)/bin/cargo-deny
CARGO_MACHETE := $(TOOLS)/cargo-machete-$(CARGO_MACHETE_VERSION)/bin/cargo-machete
CARGO_MUTANTS := $(TOOLS)/cargo-mutants-$(CARGO_MUTANTS_VERSION)/bin/cargo-mutants
CARGO_FUZZ := $(TOOLS)/cargo-fuzz-$(CARGO_FUZZ_VERSION)/bin/cargo-fuzz
CARGO_CYCLONEDX := $(TOOLS)/cargo-cyclonedx-$(CARGO_CYCLONEDX_VERSION)/bin/cargo-cyclonedx
export PATH := $(CURDIR)/node_modules/.bin:$(WORKER_BUILD)/bin:$(WASM_BINDGEN)/bin:$(PATH)
export WRANGLER_SEND_METRICS := false

# worker-build downloads these tools unless the environment names them; a download fails on a closed network.
export WASM_BINDGEN_BIN := $(WASM_BINDGEN)/bin/wasm-bindgen
export WASM_OPT_BIN := $(CURDIR)/node_modules/.bin/wasm-opt
export ESBUILD_BIN := $(CURDIR)/node_modules/.bin/esbuild

# Everything that goes into the module.
SOURCES := $(shell find src build.rs Cargo.toml Cargo.lock .cargo askama.toml rust-toolchain.toml Makefile -type f)

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1	\2/'

.PHONY: dev
dev: build ## Set up, build, migrate, create a demo user, and serve on http://127.0.0.1:8787, with a receiver of events
	wrangler d1 migrations apply EXCHANGE --local < /dev/null
	scripts/seed-demo.sh
	cargo run --quiet --package exchange --bin serve_locally

.PHONY: test
test: build browser python ## Set up, and run every test
	@# The logs of an earlier run prove nothing about this one.
	rm -rf target/tmp/workers
	cargo test --no-run
	cargo test --package test-support --no-run
	cargo test --package smoke --no-run
	cargo build --package smoke --package support-desk
	@# Two at a time, because the tests on workerd wait as much as they compute.
	$(MAKE) --jobs=2 --output-sync=target test-workerd test-native-and-pages
	cargo test --package test-support --test no_secret_logged
	cargo test --release --no-default-features --target wasm32-unknown-unknown --test browser
	wrangler deploy --dry-run

.PHONY: test-workerd test-native-and-pages
test-workerd:
	cargo test --package test-support --test e2e -- --test-threads=4
	cargo test --package test-support --test openapi
	cargo test --package test-support --test docs
	cargo test --package test-support --test monitoring
test-native-and-pages:
	cargo test
	cargo test --package smoke
	cargo test --package test-support --test pages

.PHONY: lint
lint: setup $(CARGO_DENY) $(CARGO_MACHETE) ## Check formatting, lint for the native and the wasm32 target, and check the dependencies
	cargo fmt --all --check
	rustfmt --check --edition 2024 src/languages/*.rs # rustfmt doesn't follow modules that a macro declares
	cargo clippy --all-targets -- --deny warnings
	cargo clippy --package exchange --package support-desk -- --deny warnings
	cargo clippy --package fuzz -- --deny warnings
	cargo clippy --package smoke --all-targets -- --deny warnings
	cargo clippy --package bare-pbkdf2 --target wasm32-unknown-unknown -- --deny warnings
	cargo clippy --package test-support --lib --test '*' -- --deny warnings
	cargo clippy --lib --target wasm32-unknown-unknown -- --deny warnings
	cargo clippy --no-default-features --lib --test browser --target wasm32-unknown-unknown -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --workspace --no-deps --document-private-items
	$(CARGO_DENY) --workspace check licenses sources
	@# A crate in two versions matters in the Worker, but not in the tests.
	$(CARGO_DENY) --exclude-dev --target wasm32-unknown-unknown check bans
	$(CARGO_MACHETE)

.PHONY: audit
audit: setup $(CARGO_DENY) ## Look for known vulnerabilities in the dependencies
	$(CARGO_DENY) --workspace check advisories
	npm audit --package-lock-only --audit-level=high

# cargo-cyclonedx writes a file for each package of the workspace, next to its Cargo.toml.
SBOM := reset-password2.cdx.json

.PHONY: sbom
sbom: setup $(CARGO_CYCLONEDX) ## Write a CycloneDX list of the crates that the Worker is built from to target/sbom/
	$(CARGO_CYCLONEDX) cyclonedx --format json --spec-version 1.5 --target wasm32-unknown-unknown \
		--override-filename $(basename $(SBOM))
	@mkdir -p target/sbom
	mv $(SBOM) target/sbom/$(SBOM)
	@find examples tests -name $(SBOM) -delete

# The hash without the Worker, built with the flags of the Worker.
BARE_PBKDF2 := target/bench/bare_pbkdf2.wasm

.PHONY: bench
bench: build $(BARE_PBKDF2) ## Measure the figures in the README
	cargo test --package test-support --test bench

.PHONY: timing
timing: build ## Measure whether responses or their times reveal something about codes and users (SECURITY.md)
	cargo test --package test-support --test timing

.PHONY: floods
floods: build ## Measure honest resets beside floods of calls, connections and bodies (SECURITY.md)
	ulimit -n 16384 && cargo test --package test-support --test floods

$(BARE_PBKDF2): $(shell find tests/bench/bare Cargo.toml Cargo.lock .cargo rust-toolchain.toml Makefile -type f) | setup
	cargo build --release --package bare-pbkdf2 --target wasm32-unknown-unknown
	@mkdir -p $(@D)
	wasm-opt --all-features -O3 --strip-debug target/wasm32-unknown-unknown/release/$(@F) -o $@

# The version that `make rollback` runs beside this one: the last before the schema changed (version 0.1.0).
PREVIOUS ?= e5de7d5

.PHONY: rollback
rollback: build ## Run an earlier version on the newest schema, beside this one: make rollback PREVIOUS=<commit>
	rm -rf target/previous/source && mkdir -p target/previous/source
	git archive $(PREVIOUS) | tar -x -C target/previous/source
	cd target/previous/source && CARGO_TARGET_DIR=$(CURDIR)/target/previous/target worker-build --release
	rm -rf target/previous/build && mv target/previous/source/build target/previous/build
	cargo test --package test-support --test rollback

# Where the deployed Worker is.
URL ?=

.PHONY: smoke
smoke: ## Check a deployed Worker from outside, without changing anything: make smoke URL=https://…
	@cargo run --quiet --package smoke -- $(URL)

# Which part of the mutants `make mutants` tries, such as 0/8.
SHARD ?= 0/1

MUTANTS = $(CARGO_MUTANTS) mutants --output target --shard $(SHARD)
UNOPTIMIZED := --cargo-arg=--config=profile.dev.package.reset-password2.opt-level=0

.PHONY: mutants
mutants: setup $(CARGO_MUTANTS) ## Change the code in many places, one at a time, and see whether a test notices; takes hours
	@# Each pass tries what has survived the one before: the unit tests that hash nothing, all of them, and the simulation.
	$(MUTANTS) --cargo-arg=--lib $(UNOPTIMIZED) -- -- --skip calls::reset_password2 --skip password::hash || [ $$? -eq 2 ]
	$(MUTANTS) --cargo-arg=--lib $(UNOPTIMIZED) --iterate || [ $$? -eq 2 ]
	$(MUTANTS) --cargo-arg=--test --cargo-arg=simulation --iterate -- -- --skip every_planted_bug

# How many seeds `make simulate` runs.
SEEDS ?= 1000

.PHONY: simulate
simulate: ## Run the simulation with more seeds: make simulate SEEDS=1000
	SEEDS=$(SEEDS) cargo test --test simulation -- --nocapture the_promises

.PHONY: growth
growth: build ## Count what a reset costs, and write it to docs/growth.md
	WRITE_GROWTH=1 cargo test --package test-support --test e2e costs::

# With which numbers of users.
SIZES ?= 10000 1000000 10000000

.PHONY: growth-sizes
growth-sizes: build ## Measure D1 with up to 10 million users, and write it to docs/growth.md; takes 20 minutes and 15 GB of disk
	WRITE_GROWTH=1 SIZES='$(SIZES)' cargo test --package test-support --test growth

.PHONY: fault-matrix
fault-matrix: ## Write docs/fault-matrix.md: each external step × each fault, and what comes of it
	WRITE_FAULT_MATRIX=1 cargo test --test simulation fault_matrix

# How long `make fuzz` runs each target, and which targets it runs.
SECONDS ?= 60
TARGETS ?= $(sort $(basename $(notdir $(wildcard tests/fuzz/targets/*.rs))))
FUZZ_OPTIONS := --fuzz-dir tests/fuzz --target-dir target/fuzz/build --sanitizer none

# libFuzzer's coverage needs only stable options of rustc. The sanitizers would need a nightly compiler, and look for errors in
# unsafe code, of which we have none.
fuzz fuzz-corpus: export CARGO_PROFILE_RELEASE_OPT_LEVEL := 3
fuzz fuzz-corpus: export CARGO_PROFILE_RELEASE_LTO := off

.PHONY: fuzz
fuzz: $(CARGO_FUZZ) ## Send generated inputs to everything that reads what others wrote: make fuzz SECONDS=60 (per target)
	@# What libFuzzer finds on the way stays in target/fuzz/corpus. tests/fuzz/corpus is only read.
	@for target in $(TARGETS); do \
		mkdir -p target/fuzz/corpus/$$target; \
		$(CARGO_FUZZ) run $(FUZZ_OPTIONS) $$target target/fuzz/corpus/$$target tests/fuzz/corpus/$$target -- \
			-max_total_time=$(SECONDS) -timeout=10 -print_final_stats=1 2>&1 | tee target/fuzz/$$target.log; \
	done
	@awk '/number_of_executed_units/ { split(FILENAME, path, /[\/.]/); print path[3], $$2; sum += $$2 } \
		END { print "total", sum }' $(TARGETS:%=target/fuzz/%.log)

.PHONY: fuzz-corpus
fuzz-corpus: $(CARGO_FUZZ) ## Copy to tests/fuzz/corpus what `make fuzz` has found that reaches code which nothing there reaches
	@for target in $(TARGETS); do \
		$(CARGO_FUZZ) run $(FUZZ_OPTIONS) $$target tests/fuzz/corpus/$$target target/fuzz/corpus/$$target -- \
			-merge=1; \
	done

.PHONY: screenshots
screenshots: build browser ## Write a picture of every page and e-mail to target/screenshots/
	cargo test --package test-support --test screenshots

.PHONY: readme-images
readme-images: build browser ## Write the pictures in the README to docs/images/
	cargo test --package test-support --test screenshots -- readme

.PHONY: build
build: build/index_bg.wasm ## Build the Worker, and print its size
	@printf '%s: %s bytes, %s gzipped\n' $< \
		"$$(wc -c < $< | tr -d ' ')" "$$(gzip -9c $< | wc -c | tr -d ' ')"

build/index_bg.wasm: $(SOURCES) | setup
	worker-build --release
	@# worker-build keeps the names of functions: a third of the module, and not needed at run time.
	wasm-opt --all-features --strip-debug $@ -o $@

.PHONY: deploy
deploy: build ## Migrate the remote database, and deploy
	wrangler d1 migrations apply EXCHANGE --remote
	wrangler deploy

.PHONY: setup
setup: node_modules/.package-lock.json $(WORKER_BUILD)/bin/worker-build $(WASM_BINDGEN)/bin/wasm-bindgen
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

node_modules/.package-lock.json: package.json package-lock.json
	npm ci
	@touch $@

# These tools run once per build, so compile them quickly instead of optimizing them.
$(TOOLS)/%: export CARGO_PROFILE_RELEASE_LTO := off
$(TOOLS)/%: export CARGO_PROFILE_RELEASE_OPT_LEVEL := 1
$(TOOLS)/%: export CARGO_PROFILE_RELEASE_CODEGEN_UNITS := 16
$(TOOLS)/%: export CARGO_TARGET_DIR := $(TOOLS)/target

$(WORKER_BUILD)/bin/worker-build:
	cargo install --locked --root $(WORKER_BUILD) worker-build@$(WORKER_BUILD_VERSION)

$(WASM_BINDGEN)/bin/wasm-bindgen:
	cargo install --locked --root $(WASM_BINDGEN) wasm-bindgen-cli@$(WASM_BINDGEN_VERSION)

$(CARGO_DENY):
	cargo install --locked --root $(TOOLS)/cargo-deny-$(CARGO_DENY_VERSION) cargo-deny@$(CARGO_DENY_VERSION)

$(CARGO_MACHETE):
	cargo install --locked --root $(TOOLS)/cargo-machete-$(CARGO_MACHETE_VERSION) cargo-machete@$(CARGO_MACHETE_VERSION)

$(CARGO_CYCLONEDX):
	cargo install --locked --root $(TOOLS)/cargo-cyclonedx-$(CARGO_CYCLONEDX_VERSION) \
		cargo-cyclonedx@$(CARGO_CYCLONEDX_VERSION)

$(CARGO_MUTANTS):
	cargo install --locked --root $(TOOLS)/cargo-mutants-$(CARGO_MUTANTS_VERSION) cargo-mutants@$(CARGO_MUTANTS_VERSION)

$(CARGO_FUZZ):
	cargo install --locked --root $(TOOLS)/cargo-fuzz-$(CARGO_FUZZ_VERSION) cargo-fuzz@$(CARGO_FUZZ_VERSION)

# The browser tests need Chromium and chromedriver.
export CHROMEDRIVER ?= $(or $(shell command -v chromedriver),/usr/bin/chromedriver)

.PHONY: browser
browser:
	@if ! command -v "$(CHROMEDRIVER)" > /dev/null; then \
		if command -v apt-get > /dev/null && [ "$$(id -u)" = 0 ]; then \
			apt-get update && apt-get install --yes --no-install-recommends chromium chromium-driver; \
		else \
			echo "The browser tests need Chromium and chromedriver: install them, or set CHROMEDRIVER." >&2; exit 1; \
		fi; \
	fi

# Virtual environments for programs in Python: schemathesis tests assets/openapi.json, and ClickHouse runs the queries in
# docs/monitoring.md.
HAS_PYTHON := python3 -c 'import ensurepip, sys, venv; assert sys.version_info >= (3, 11)' 2> /dev/null

.PHONY: python
python: $(TOOLS)/python-openapi/installed $(TOOLS)/python-monitoring/installed

$(TOOLS)/python-%/installed: tests/%/requirements.txt
	@if ! $(HAS_PYTHON) && command -v apt-get > /dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update && apt-get install --yes --no-install-recommends python3-venv; \
	fi
	@$(HAS_PYTHON) || { echo "The tests of the documents need Python 3.11 or later with venv: install it." >&2; exit 1; }
	python3 -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes --requirement $<
	@touch $@
