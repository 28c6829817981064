# Hengjian: the two commands are `make up` and `make test`. `make` alone lists all.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
export GOTOOLCHAIN := local
BIN := bin/hengjian
VERSION := $(shell git describe --always --dirty=+ 2>/dev/null || echo dev)
PAGES := dashboards/dist/index.html
APT := chromium fonts-noto-cjk

GOFUMPT := go run mvdan.cc/gofumpt@v0.12.0
STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := go run golang.org/x/vuln/cmd/govulncheck@v1.9.0

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

up: doctor build fetch ## start everything on http://127.0.0.1:8080 with simulated data
	$(BIN) up

test: doctor build fetch browser ## unit, real-engine, end-to-end and browser tests
	go vet ./...
	go test -timeout 25m -p 2 -json ./... | go run ./deploy/slowest
	cd dashboards && npm run --silent test
	cd dashboards && npm run --silent browser

build: $(PAGES) ## build the pages and the binary
	go build -ldflags "-X main.version=$(VERSION)" -o $(BIN) .

$(PAGES): dashboards/node_modules/.stamp $(shell find dashboards/src dashboards/index.html dashboards/vite.config.ts -type f 2>/dev/null)
	cd dashboards && npm run --silent build

dashboards/node_modules/.stamp: dashboards/package-lock.json
	cd dashboards && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

fetch: build ## download the pinned ClickHouse engine into the user cache, once
	$(BIN) engine fetch

doctor: ## name each missing tool and the line that installs it
	@bash deploy/doctor.sh

browser: ## install Debian's Chromium and a Chinese font for the browser tests
	@command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi 'noto.*cjk' || { \
	  $$([ "$$(id -u)" = 0 ] || echo sudo) apt-get update -qq && \
	  $$([ "$$(id -u)" = 0 ] || echo sudo) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(APT) fontconfig >/dev/null; }

generate: dashboards/node_modules/.stamp ## make the generated code and documents anew
	cd dashboards && npm run --silent generate
	go run . contract docs --out deploy/docs
	go run . rules docs --out deploy/docs/rules.md

asyncapi: ## validate deploy/docs/asyncapi.json with the AsyncAPI parser of npm
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && cd "$$dir" && npm init -y >/dev/null && \
	  npm install --no-audit --no-fund --loglevel=error @asyncapi/parser@3.6.6 >/dev/null && node $(CURDIR)/deploy/asyncapi.mjs $(CURDIR)/deploy/docs/asyncapi.json

lint: dashboards/node_modules/.stamp ## formatting, vet, staticcheck, vulnerabilities, eslint, tsc
	@test -z "$$($(GOFUMPT) -l $$(git ls-files '*.go'))" || { $(GOFUMPT) -l $$(git ls-files '*.go'); echo "remedy: run gofumpt -w on these files"; exit 1; }
	go vet ./... && go vet -tags soak,faults,kafka ./...
	$(STATICCHECK) ./...
	@$(GOVULNCHECK) ./... || echo "govulncheck found something or its database cannot be reached (see above)"
	cd dashboards && npm run --silent lint

test-kafka: fetch ## the loader against Apache Kafka 4 with TLS and SCRAM (needs Java 17 and Maven)
	deploy/kafka/fetch.sh
	go test -tags kafka -count=1 -timeout 30m -run TestKafka ./ingest/loader ./ingest/receipt

test-faults: fetch ## 200 random fault runs; FAULTS="-faults.seed N -faults.runs 1" repeats one
	go test -tags faults -count=1 -timeout 60m -run TestRandomFaults -v ./ingest/loader $(FAULTS)

bench-ingest: build fetch ## our loader beside the tools a team would otherwise take
	$(BIN) bench ingest --json deploy/results/ingest.json

soak: fetch ## the long fault suites (ten kills during 200,000 records)
	go test -tags soak -timeout 60m -run Soak ./...

bench: build fetch ## measured ratios against named peers, as JSON in deploy/results
	mkdir -p deploy/results
	for name in $$($(BIN) bench | awk '{print $$1}'); do echo "== $$name"; $(BIN) bench $$name --json deploy/results/$$name.json; done
	go test -run '^$$' -bench . -benchtime 1s ./ingest/decode ./ingest/simulate

clean: ## remove what the build made (never the data folder)
	rm -rf bin dashboards/dist/assets dashboards/dist/index.html dashboards/node_modules

.PHONY: help up test build fetch doctor browser generate lint test-kafka test-faults bench-ingest soak bench asyncapi clean
