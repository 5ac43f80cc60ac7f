# keepatch: make help lists the targets.
#
# Needs Go, git, gcc, make; `make need` installs the rest of what the tests use where it may
# (Debian as root) and says what is missing elsewhere.

GO          ?= go
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.8.2
DEADCODE     = golang.org/x/tools/cmd/deadcode@v0.52.0
BIN          = bin/keepatch
CACHE       ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)

# The labelled packages, never committed: the first set is the one keepatch was made with, the
# others were labelled before keepatch saw them.
KEEPATCH_CORPUS ?= $(CACHE)/keepatch-corpus
KEEPATCH_FREE   ?= $(CACHE)/keepatch-free
KEEPATCH_FREE2  ?= $(CACHE)/keepatch-free2
KEEPATCH_FREE3  ?= $(CACHE)/keepatch-free3
KEEPATCH_FREE4  ?= $(CACHE)/keepatch-free4
KEEPATCH_FREE5  ?= $(CACHE)/keepatch-free5
KEEPATCH_FREE6  ?= $(CACHE)/keepatch-free6
KEEPATCH_FREE7  ?= $(CACHE)/keepatch-free7
KEEPATCH_FREE8  ?= $(CACHE)/keepatch-free8
KEEPATCH_FREE9  ?= $(CACHE)/keepatch-free9
KEEPATCH_FREE10 ?= $(CACHE)/keepatch-free10
KEEPATCH_FREE11 ?= $(CACHE)/keepatch-free11
KEEPATCH_FREE12 ?= $(CACHE)/keepatch-free12

# Large unlabelled trees, for time and memory; never committed either.
KEEPATCH_BIG    ?= $(CACHE)/keepatch-big

FUZZTIME ?= 60s

# All packages: go.mod keeps our own programs from what ./... means.
ALL = ./... $(shell sed -n '/^ignore (/,/^)/s/^[[:blank:]]*\(\.\/.*\)/\1/p' go.mod)

.PHONY: help build install uninstall demo need consumers test vscode e2e lint cover bench corpus corpustest accuracy big same prove builds fuzz clean

help:
	@sed -n 's/^\([a-z][a-z0-9]*\):.*## /  \1	/p' Makefile

# The tag leaves out what urfave/cli makes manual pages with, which nothing here uses: it costs each
# start 2 ms.
build: ## bin/keepatch, static: it starts faster, and runs in an image of another C library
	CGO_ENABLED=0 $(GO) build -tags urfave_cli_no_docs -o $(BIN) .

# The program, its man page and the completions. What is there is what a build made: root
# often has no Go.
PREFIX ?= /usr/local
TO = $(addprefix $(DESTDIR)$(PREFIX)/,bin/keepatch share/man/man1/keepatch.1 \
  share/bash-completion/completions/keepatch share/zsh/site-functions/_keepatch \
  share/fish/vendor_completions.d/keepatch.fish)

install: ## into PREFIX (/usr/local), below DESTDIR: program, man page, completions
	[ -x $(BIN) ] || $(MAKE) build
	install -d $(dir $(TO))
	install -m 755 $(BIN) $(word 1,$(TO))
	install -m 644 docs/keepatch.1 $(word 2,$(TO))
	install -m 644 docs/completion/keepatch.bash $(word 3,$(TO))
	install -m 644 docs/completion/_keepatch $(word 4,$(TO))
	install -m 644 docs/completion/keepatch.fish $(word 5,$(TO))

uninstall: ## what install has put there
	rm -f $(TO)

demo: build ## report on a small server and client, then the patch for them
	@echo; echo '$$ cd testdata/demo; keepatch scan'
	@cd testdata/demo && ../../$(BIN) scan
	@echo; echo '$$ keepatch apply'
	@cd testdata/demo && ../../$(BIN) apply

need: consumers
	@bash testdata/need.sh gcc patch git strace make dpkg-source xmllint chromedriver node nvim vim emacs eglot zsh fish

# What reads our reports: the tests of the formats skip what is not there.
CONSUMERS = ajv@8.20.0 junit2json@4.0.0 @microsoft/sarif-multitool@5.7.0

consumers: ## install the validators of report formats into the cache
	@bash testdata/need.sh node
	@npm install --silent --no-fund --no-audit --prefix $(CACHE)/keepatch-consumers $(CONSUMERS) || \
	  echo 'the validators could not be installed; the tests that need them are skipped' >&2

test: need ## every test but the long ones; the data race detector watches
	@# Each process under the detector sleeps a second at its end otherwise.
	GORACE=atexit_sleep_ms=0 $(GO) test -race -timeout 10m $(ALL)
	$(GO) test -run TestEchoes ./preload/supervise # threads that the detector does not know

vscode: ## VS Code drives the language server; installs code-server (400 MB) into the cache
	@bash testdata/need.sh node gcc make rg chromedriver
	[ -d $(CACHE)/keepatch-vscode ] || bash testdata/vscode.sh $(CACHE)/keepatch-vscode
	KEEPATCH_VSCODE=$(CACHE)/keepatch-vscode $(GO) test -count=1 -run VSCode -v ./lsp

e2e: ## patch seven real packages, build them before and after, run one under strace
	@bash testdata/need.sh gcc patch git strace make dpkg-source autoreconf openssl/ssl.h
	KEEPATCH_E2E=all KEEPATCH_CORPUS=$(KEEPATCH_CORPUS) $(GO) test -count=1 -timeout 30m -v ./tools/e2e

lint: ## gofmt, vet, staticcheck and deadcode have nothing to say
	@out=$$(gofmt -l .); if [ -n "$$out" ]; then gofmt -d $$out; exit 1; fi
	$(GO) vet $(ALL)
	$(GO) run $(STATICCHECK) $(ALL)
	@# Packages whose names end in "test" are for tests alone; preload/fast is called by assembly.
	@out=$$($(GO) run $(DEADCODE) $$($(GO) list $(ALL) | grep -v 'test$$') | grep -v '^preload/fast/'); if [ -n "$$out" ]; then echo "$$out"; exit 1; fi

cover: ## which statements the tests reach
	$(GO) test -coverpkg=./... -coverprofile=cover.out $(ALL)
	$(GO) tool cover -func=cover.out | tail -n 1

bench: ## time per byte over trees of 1x, 4x and 16x
	$(GO) test -run '^$$' -bench . -benchmem $(ALL)

corpus: ## fetch the labelled packages into the cache
	bash testdata/corpus/fetch.sh $(KEEPATCH_CORPUS) testdata/corpus/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE) testdata/corpus/free/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE2) testdata/corpus/free2/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE3) testdata/corpus/free3/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE4) testdata/corpus/free4/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE5) testdata/corpus/free5/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE6) testdata/corpus/free6/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE7) testdata/corpus/free7/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE8) testdata/corpus/free8/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE9) testdata/corpus/free9/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE10) testdata/corpus/free10/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE11) testdata/corpus/free11/packages.txt
	bash testdata/corpus/fetch.sh $(KEEPATCH_FREE12) testdata/corpus/free12/packages.txt

# WRITE=README.md,docs/accuracy.md puts the numbers into these documents.
accuracy: build corpus ## precision, recall, every miss and false alarm, time and memory
	@echo; echo 'The corpus:'
	@$(GO) run ./tools/accuracy -name corpus -labels testdata/corpus/labels -sources $(KEEPATCH_CORPUS) -reports .cache/reports/corpus -write '$(WRITE)'
	@echo; echo 'The free set:'
	@$(GO) run ./tools/accuracy -name free -labels testdata/corpus/free/labels -sources $(KEEPATCH_FREE) -reports .cache/reports/free -write '$(WRITE)'
	@echo; echo 'The second free set:'
	@$(GO) run ./tools/accuracy -name free2 -labels testdata/corpus/free2/labels -sources $(KEEPATCH_FREE2) -reports .cache/reports/free2 -write '$(WRITE)'
	@echo; echo 'The third free set:'
	@$(GO) run ./tools/accuracy -name free3 -labels testdata/corpus/free3/labels -sources $(KEEPATCH_FREE3) -reports .cache/reports/free3 -write '$(WRITE)'
	@echo; echo 'The fourth free set:'
	@$(GO) run ./tools/accuracy -name free4 -labels testdata/corpus/free4/labels -sources $(KEEPATCH_FREE4) -reports .cache/reports/free4 -write '$(WRITE)'
	@echo; echo 'The fifth free set:'
	@$(GO) run ./tools/accuracy -name free5 -labels testdata/corpus/free5/labels -sources $(KEEPATCH_FREE5) -reports .cache/reports/free5 -write '$(WRITE)'
	@echo; echo 'The sixth free set:'
	@$(GO) run ./tools/accuracy -name free6 -labels testdata/corpus/free6/labels -sources $(KEEPATCH_FREE6) -reports .cache/reports/free6 -write '$(WRITE)'
	@echo; echo 'The seventh free set:'
	@$(GO) run ./tools/accuracy -name free7 -labels testdata/corpus/free7/labels -sources $(KEEPATCH_FREE7) -reports .cache/reports/free7 -write '$(WRITE)'
	@echo; echo 'The eighth free set:'
	@$(GO) run ./tools/accuracy -name free8 -labels testdata/corpus/free8/labels -sources $(KEEPATCH_FREE8) -reports .cache/reports/free8 -write '$(WRITE)'
	@echo; echo 'The ninth free set:'
	@$(GO) run ./tools/accuracy -name free9 -labels testdata/corpus/free9/labels -sources $(KEEPATCH_FREE9) -reports .cache/reports/free9 -write '$(WRITE)'
	@echo; echo 'The tenth free set:'
	@$(GO) run ./tools/accuracy -name free10 -labels testdata/corpus/free10/labels -sources $(KEEPATCH_FREE10) -reports .cache/reports/free10 -write '$(WRITE)'
	@echo; echo 'The eleventh free set:'
	@$(GO) run ./tools/accuracy -name free11 -labels testdata/corpus/free11/labels -sources $(KEEPATCH_FREE11) -reports .cache/reports/free11 -write '$(WRITE)'
	@echo; echo 'The twelfth free set:'
	@$(GO) run ./tools/accuracy -name free12 -labels testdata/corpus/free12/labels -sources $(KEEPATCH_FREE12) -reports .cache/reports/free12 -write '$(WRITE)'

# BIGFLAGS='-timeout 2m -only NAME,NAME' and the like; WRITE=docs/accuracy.md keeps the table there.
big: build ## time and peak memory on large trees, one by one and in one scan, beside rg
	@bash testdata/need.sh rg
	bash testdata/corpus/fetch.sh $(KEEPATCH_BIG) testdata/corpus/big.txt
	@$(GO) run ./tools/big -sources $(KEEPATCH_BIG) -write '$(WRITE)' $(BIGFLAGS)

# BASE=origin/main and the like; ../shared/cases are small programs, where they are there.
same: build corpus ## make same BASE=REV: what reports and patches differ from those of REV
	@$(GO) run ./tools/same -base '$(BASE)' -new $(BIN) $(wildcard $(KEEPATCH_CORPUS)/*/ $(KEEPATCH_FREE)/*/ $(KEEPATCH_FREE2)/*/ \
	  $(KEEPATCH_FREE3)/*/ detect/testdata/fixtures/ rewrite/testdata/ rewrite/testdata/switch/*/ ../shared/cases/*/)

corpustest: corpus ## the tests that read the labelled packages: trees, shards, merging
	KEEPATCH_LABELS=$(CURDIR)/testdata/corpus/labels KEEPATCH_CORPUS=$(KEEPATCH_CORPUS) $(GO) test -count=1 -run Corpus ./tools/repo ./parse ./lsp

# PROVEFLAGS='-build -only NAME,NAME' and the like; WRITE=docs/style.md keeps the table there.
# TOGGLE compiles what a diff inserts under many selections of #if; without it that judge is left out.
TOGGLE ?= $(wildcard ../shared/proof/toggle.py)

prove: build corpus ## patch every project of the sets; git apply, patch, gcc and a second run judge
	bash testdata/corpus/fetch.sh $(KEEPATCH_BIG) testdata/corpus/big.txt
	@$(GO) run ./tools/prove -keepatch $(BIN) -toggle '$(TOGGLE)' -write '$(WRITE)' $(PROVEFLAGS) \
	  $(KEEPATCH_CORPUS) $(KEEPATCH_FREE) $(KEEPATCH_FREE2) $(KEEPATCH_FREE3) $(KEEPATCH_FREE4) \
	  $(KEEPATCH_FREE5) $(KEEPATCH_FREE6) $(KEEPATCH_FREE7) $(KEEPATCH_FREE8) $(KEEPATCH_FREE9) $(KEEPATCH_FREE10) $(KEEPATCH_FREE11) $(KEEPATCH_FREE12) $(KEEPATCH_BIG)

builds: build ## patch packages, build and run them
	bash testdata/builds.sh

fuzz: ## each fuzz target for FUZZTIME (60s)
	@$(GO) list $(ALL) | while read -r pkg; do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
	  done; \
	done

clean:
	rm -rf bin .cache cover.out
	$(MAKE) -C testdata/demo clean
