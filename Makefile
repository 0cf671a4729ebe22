# What a fresh machine needs: rustup's cargo, npm, and make. The rest is installed into this folder.

SHELL := /bin/bash
.SHELLFLAGS := --norc -e -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:

# The tool must be of the very version of the crate in Cargo.lock.
WASM_BINDGEN_VERSION := 0.2.129
WORKER_BUILD_VERSION := 0.8.7

TOOLS := $(CURDIR)/.tools
export PATH := $(CURDIR)/node_modules/.bin:$(TOOLS)/bin:$(PATH)
export WRANGLER_SEND_METRICS := false

# worker-build fetches these where they are not named: it would not get them on a closed network.
export WASM_BINDGEN_BIN := $(TOOLS)/bin/wasm-bindgen
export WASM_OPT_BIN := $(CURDIR)/node_modules/.bin/wasm-opt
export ESBUILD_BIN := $(CURDIR)/node_modules/.bin/esbuild

# All that the module is made of.
SOURCES := $(shell find src build.rs Cargo.toml Cargo.lock .cargo rust-toolchain.toml Makefile -type f)

.PHONY: build
build: build/index_bg.wasm ## Build the Worker, and print its size
	@printf '%s: %s bytes, %s gzipped\n' $< \
		"$$(wc -c < $< | tr -d ' ')" "$$(gzip -9c $< | wc -c | tr -d ' ')"

build/index_bg.wasm: $(SOURCES) | setup
	worker-build --release
	@# worker-build always keeps the names of functions: a third of the module's code, and nothing that runs.
	wasm-opt --all-features --strip-debug $@ -o $@

.PHONY: setup
setup: node_modules/.package-lock.json $(TOOLS)/bin/worker-build $(TOOLS)/bin/wasm-bindgen
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

node_modules/.package-lock.json: package.json package-lock.json
	npm ci
	@touch $@

# A tool that runs once a build is built fast rather than to run fast.
$(TOOLS)/bin/%: export CARGO_PROFILE_RELEASE_LTO := off
$(TOOLS)/bin/%: export CARGO_PROFILE_RELEASE_OPT_LEVEL := 1
$(TOOLS)/bin/%: export CARGO_PROFILE_RELEASE_CODEGEN_UNITS := 16
$(TOOLS)/bin/%: export CARGO_TARGET_DIR := $(TOOLS)/target

$(TOOLS)/bin/worker-build:
	cargo install --locked --root $(TOOLS) worker-build@$(WORKER_BUILD_VERSION)

$(TOOLS)/bin/wasm-bindgen:
	cargo install --locked --root $(TOOLS) wasm-bindgen-cli@$(WASM_BINDGEN_VERSION)
