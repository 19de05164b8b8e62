# SPDX-License-Identifier: GPL-3.0-or-later

GOLANGCI_LINT = v2.15.0
LINT = bin/golangci-lint-$(GOLANGCI_LINT)
BENCHSTAT_VERSION = v0.0.0-20260908200009-22c9c6c9d4da
BENCHSTAT = bin/benchstat-$(BENCHSTAT_VERSION)
AXE_VERSION = 4.14.1
AXE = bin/axe-core-$(AXE_VERSION).js
CHECKERS = bin/fhir-checkers/node_modules/.package-lock.json
AXE_SHA256 = 29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
REDOCLY_VERSION = 2.77.0
REDOCLY = bin/redocly-$(REDOCLY_VERSION)/node_modules/.bin/redocly
SOURCES = cmd internal migrations

# The longest first: the last one alone would not keep all cores busy.
LONGEST = ./internal/api ./internal/store
PACKAGES = ./cmd/thalamus $(LONGEST) ./...

# More packages and tests side by side than there are cores, for many only wait. All tests of a
# package share a PostgreSQL with 200 connections.
BESIDE = -p $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN)))) -parallel 4

# bcrypt is twelve times slower under the race detector and has no concurrency
# for it to look at; a package with type parameters must not be left out, for its copies of the
# standard library's functions would be used by all. Nobody debugs these programs, and make vet
# looks for what vet finds. Else a program with the race detector would sleep a second at its end,
# lest a goroutine that has just met a race is cut off: also each of those that tests start, and wait for.
TEST = GORACE=atexit_sleep_ms=20 go test -race -gcflags=golang.org/x/crypto/blowfish=-race=false -ldflags=-w -vet=off $(BESIDE) -timeout 10m

# Of all PostgreSQLs the first that is tried is the one that pg_config tells of.
ifdef PG
$(shell mkdir -p bin/pg && printf '#!/bin/sh\necho "%s"\n' '$(abspath $(PG))' >bin/pg/pg_config && chmod +x bin/pg/pg_config)
export PATH := $(CURDIR)/bin/pg:$(PATH)
TEST += -count=1
endif

.PHONY: help run build deps quick test alerts pages fhir description docs-test pictures proxies failover fuzz soak bench compare dist install cleanroom lint fmt check fmt-check vet clean need-run need-quick need-test need-alerts need-pages need-fhir need-description need-proxies need-failover need-cleanroom need-all
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 8

run: need-run build ## install what is missing, then start a demo federation
	exec bin/thalamus demo

build: ## make bin/thalamus, and its man pages in bin/man
	CGO_ENABLED=0 go build -trimpath -o bin/thalamus ./cmd/thalamus
	etc/packaging/man.sh bin/thalamus bin/man

deps: need-all $(LINT) $(BENCHSTAT) $(AXE) $(CHECKERS) $(REDOCLY) bin/nfpm ## install what any target here needs; each would install its own

quick: need-quick ## test without race detector, browsers, whole programs, standbys, slow crowds and planted faults
	CGO_ENABLED=0 go test -tags quick -ldflags=-w -vet=off $(BESIDE) $$(go list $(LONGEST) ./... | grep -v /cmd/)

test: need-test ## install what is missing, then test everything; PG=DIR on the PostgreSQL there, PACKAGES=./internal/store a part
	$(TEST) $(PACKAGES)

alerts: need-alerts ## check the rules for Prometheus, and when they wake somebody
	promtool check rules --lint-fatal etc/prometheus/alerts.yml
	promtool test rules etc/prometheus/alerts_test.yml

pages: need-pages $(AXE) ## try every page of the portal and the manual in a real browser, for barriers too
	tests=$$(grep -l '^//go:build pages' internal/portal/*_test.go | xargs sed -n 's/^func \(Test[A-Za-z0-9]*\).*/\1/p' | paste -sd '|'); \
	go test -tags pages -run "^($$tests)$$" ./internal/portal

description: need-description $(REDOCLY) ## look for mistakes in the OpenAPI document
	go test ./internal/openapi -count 1 -run TestTheDocumentIsOpenAPI -args -document $(CURDIR)/bin/openapi.json
	REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(REDOCLY) lint --skip-rule operation-2xx-response bin/openapi.json # the form for a password answers with 303

fhir: need-fhir $(CHECKERS) ## check what speaks FHIR with checkers and a client that others have published
	go test -tags fhir -count 1 -run 'Checkers|Fault|Client' ./internal/fhir

docs-test: need-test ## run the commands of README and manual on a demo, and look for dead links; make cleanroom runs those that change a host
	go test ./internal/manual ./internal/archtest
	go test -run 'README|Manual' ./cmd/thalamus

pictures: need-test ## draw the screens of the portal from the demo, in bin/pictures, and those of the README and the manual
	go test -tags pictures -count 1 -run TestPictures ./cmd/thalamus
	cp bin/pictures/measurements.png etc/portal.png
	cp bin/pictures/professionals-*.png bin/pictures/administrators-*.png internal/manual

proxies: need-proxies ## try hubs behind the real nginx, Apache and HAProxy, with the configurations in etc/proxy
	go test -tags proxies -run BehindProxies -parallel 8 ./cmd/thalamus

failover: need-failover build ## break a cluster of PostgreSQL under two hubs, and see what their clients lose; FLAGS='-run Nothing/hub' for a part
	go test -tags failover -count 1 -v -timeout 30m $(FLAGS) ./internal/failover

SEQUENCES = 1000
fuzz: need-test ## send random requests to a hub; SEQUENCES=1000 says how many times a hundred
	go test ./internal/api -run FuzzHandler -timeout 0 -args -sequences $(SEQUENCES)

DURATION = 1m
SEED = 1
soak: need-run build ## use two hubs in every way while one of them and the database are killed; DURATION=30m SEED=2
	go run ./internal/soak -duration $(DURATION) -seed $(SEED) $(FLAGS)

bench: need-run build ## measure speed and memory; FLAGS=-quick for a rough look, FLAGS=-help for more
	go run ./internal/bench $(FLAGS)

compare: $(BENCHSTAT) ## compare the newest two results of make bench, or FLAGS='OLD NEW'
	$(BENCHSTAT) $(or $(FLAGS),$$(ls bench/results-*.txt | tail -n 2))

VERSION = $(shell sed -n 's/^var version = "\(.*\)"/\1/p' cmd/thalamus/main.go)
dist: bin/nfpm ## make what is given to others, in dist: archives, .deb and .rpm; VERSION=1.2.3 is another than the sources say
	etc/packaging/dist.sh $(VERSION)

bin/nfpm: etc/packaging/go.sum
	cd etc/packaging && CGO_ENABLED=0 go build -o ../../$@ github.com/goreleaser/nfpm/v2/cmd/nfpm

PREFIX = /usr/local
install: ## install bin/thalamus and its files under PREFIX=/usr/local, and DESTDIR before it
	[ -x bin/thalamus ] && [ -d bin/man ] || $(MAKE) build
	install -D -m 755 bin/thalamus $(DESTDIR)$(PREFIX)/bin/thalamus
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 bin/man/man1/*
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man5 bin/man/man5/*
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man7 bin/man/man7/*
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/systemd/system etc/thalamus.service etc/thalamus.socket
	install -D -m 644 etc/packaging/completion.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/thalamus
	install -D -m 644 etc/packaging/logrotate $(DESTDIR)/etc/logrotate.d/thalamus
	install -D -m 644 etc/thalamus.toml $(DESTDIR)$(PREFIX)/share/thalamus/thalamus.toml
	install -D -m 644 etc/prometheus/alerts.yml $(DESTDIR)$(PREFIX)/share/thalamus/prometheus/alerts.yml
	install -D -m 644 etc/grafana/thalamus.json $(DESTDIR)$(PREFIX)/share/thalamus/grafana/thalamus.json
	[ -e $(DESTDIR)/etc/thalamus/roles.cfg ] || install -D -m 644 etc/roles.cfg $(DESTDIR)/etc/thalamus/roles.cfg

cleanroom: need-cleanroom ## as root: install, set up, use, upgrade, remove and purge the package on a clean Debian
	etc/packaging/cleanroom.sh

lint: $(LINT) ## look for mistakes
	$(LINT) run ./...

fmt: ## format the sources
	gofmt -w $(SOURCES)

check: fmt-check vet lint test ## all that must pass before a commit

clean: ## remove what was made here
	rm -rf bin dist

fmt-check:
	@unformatted=$$(gofmt -l $(SOURCES)); \
	if [ -n "$$unformatted" ]; then echo "run make fmt: $$unformatted" >&2; exit 1; fi

vet:
	go vet -tags pages,fhir,pictures,proxies,failover ./...
	go vet -tags quick ./internal/...

$(LINT):
	GOBIN=$(CURDIR)/bin CGO_ENABLED=0 go install \
		github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT)
	mv bin/golangci-lint $@

$(AXE):
	mkdir -p bin
	cd bin && tar -xzOf $$(npm pack --silent axe-core@$(AXE_VERSION)) package/axe.min.js >axe.part && rm axe-core-*.tgz
	echo "$(AXE_SHA256)  bin/axe.part" | sha256sum -c --quiet
	mv bin/axe.part $@

$(REDOCLY):
	npm install --no-save --silent --prefix bin/redocly-$(REDOCLY_VERSION) @redocly/cli@$(REDOCLY_VERSION)

# The lock has the packages' versions and digests.
$(CHECKERS): internal/fhir/testdata/checkers/package-lock.json
	mkdir -p bin/fhir-checkers
	cp internal/fhir/testdata/checkers/package*.json bin/fhir-checkers
	cd bin/fhir-checkers && npm ci --silent --ignore-scripts --no-audit --no-fund

$(BENCHSTAT):
	GOBIN=$(CURDIR)/bin CGO_ENABLED=0 go install golang.org/x/perf/cmd/benchstat@$(BENCHSTAT_VERSION)
	mv bin/benchstat $@

# What the machine must have. PostgreSQL is looked for in the same places as the
# program does; any of the browsers does for the tests.
want_postgres = for d in "$$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin $$(echo "$$PATH" | tr : ' '); do \
	[ -x "$$d/postgres" ] && [ -x "$$d/initdb" ] && break; done || missing="$$missing postgresql"
want_compiler = echo '\#include <stdlib.h>' | $$(go env CC) -E - >/dev/null 2>&1 || missing="$$missing gcc libc6-dev"
want_browser = for b in chromium chromium-browser google-chrome google-chrome-stable; do \
	command -v $$b >/dev/null && break; done || missing="$$missing chromium"
want_pooler = PATH="$$PATH:/usr/sbin" command -v pgbouncer >/dev/null || missing="$$missing pgbouncer"
want_curl = command -v curl >/dev/null || missing="$$missing curl"
want_python3 = python3 -c 'import zoneinfo; zoneinfo.ZoneInfo("Europe/Madrid")' 2>/dev/null || missing="$$missing python3 tzdata"
want_npm = [ -e $(AXE) ] || command -v npm >/dev/null || missing="$$missing npm"
want_node = { [ -e $(REDOCLY) ] || command -v npm >/dev/null; } && command -v node >/dev/null || missing="$$missing npm"
want_checkers = { [ -e $(CHECKERS) ] || command -v npm >/dev/null; } && command -v node >/dev/null || missing="$$missing npm"
want_requests = /usr/bin/python3 -c 'import requests' 2>/dev/null || missing="$$missing python3-requests"
want_nginx = [ -x /usr/sbin/nginx ] || missing="$$missing nginx"
want_apache = [ -x /usr/sbin/apache2 ] || missing="$$missing apache2-bin"
want_patroni = command -v patroni >/dev/null || missing="$$missing patroni python3-etcd"
want_etcd = command -v etcd >/dev/null || missing="$$missing etcd-server"
want_haproxy = PATH="$$PATH:/usr/sbin" command -v haproxy >/dev/null || missing="$$missing haproxy"
want_promtool = command -v promtool >/dev/null || missing="$$missing prometheus"
want_mmdebstrap = command -v mmdebstrap >/dev/null || missing="$$missing mmdebstrap"

need-run:
	@missing=; $(want_postgres); $(install)

need-quick:
	@missing=; $(want_postgres); $(want_pooler); $(want_python3); $(install)

need-test:
	@missing=; $(want_postgres); $(want_compiler); $(want_browser); $(want_pooler); $(want_curl); $(want_python3); $(install)

need-alerts:
	@missing=; $(want_promtool); $(install)

need-pages:
	@missing=; $(want_postgres); $(want_compiler); $(want_browser); $(want_pooler); $(want_curl); $(want_npm); $(install)

need-description:
	@missing=; $(want_postgres); $(want_pooler); $(want_node); $(install)

need-fhir:
	@missing=; $(want_postgres); $(want_pooler); $(want_python3); $(want_requests); $(want_checkers); $(install)

need-proxies:
	@missing=; $(want_postgres); $(want_nginx); $(want_apache); $(want_haproxy); $(install)

need-failover:
	@missing=; $(want_postgres); $(want_patroni); $(want_etcd); $(want_haproxy); $(install)

need-cleanroom:
	@missing=; $(want_mmdebstrap); $(install)

need-all:
	@missing=; $(want_postgres); $(want_compiler); $(want_browser); $(want_pooler); $(want_curl); $(want_python3); $(want_npm); $(want_node); $(want_requests); $(want_checkers); \
	$(want_promtool); $(want_nginx); $(want_apache); $(want_patroni); $(want_etcd); $(want_haproxy); $(want_mmdebstrap); $(install)

# PostgreSQL's package would make and start a cluster on port 5432, and pgbouncer's, nginx's,
# Prometheus' and etcd's services, which nobody here needs; settings forbid that while they are being installed. Ubuntu
# has chromium under another name.
no_cluster = /etc/postgresql-common/createcluster.d/thalamus.conf
no_service = /usr/sbin/policy-rc.d
define install
[ -n "$$missing" ] || exit 0; \
sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
if ! command -v apt-get >/dev/null || ! command -v $${sudo:-true} >/dev/null; then \
	echo "please install these packages, or what they are called on this system:$$missing" >&2; exit 1; \
fi; \
echo "installing$$missing"; \
set -e; \
$$sudo apt-get update -qq; \
apt-cache policy chromium | grep -q 'Candidate: [^(]' || missing=$$(echo "$$missing" | sed s/chromium/chromium-browser/); \
policy=; [ -e $(no_service) ] || policy=$(no_service); \
trap "$$sudo rm -f $(no_cluster) $$policy; $$sudo rmdir --ignore-fail-on-non-empty $(dir $(no_cluster))" EXIT; \
[ -z "$$policy" ] || printf '#!/bin/sh\nexit 101\n' | $$sudo install -m 755 /dev/stdin $$policy; \
$$sudo mkdir -p $(dir $(no_cluster)); \
echo 'create_main_cluster = false' | $$sudo tee $(no_cluster) >/dev/null; \
$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends $$missing
endef
