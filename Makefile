# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds leastcap. Targets: all check accuracy soak lint sanitize fuzz bench dist install uninstall installcheck clean.

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
CLANG ?= clang
LLVM_STRIP ?= llvm-strip
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g

# make ARCH=arm64 compiles for that architecture, with Debian's cross compiler, into build/arm64. SYSROOT has its libraries,
# from scripts/setup arm64; when it is empty they are looked for where dpkg installs foreign packages.
ifeq ($(origin ARCH),command line)
TRIPLET_amd64 := x86_64-linux-gnu
TRIPLET_arm64 := aarch64-linux-gnu
TRIPLET := $(or $(TRIPLET_$(ARCH)),$(error ARCH=$(ARCH): must be amd64 or arm64))
SYSROOT ?= $(wildcard $(or $(XDG_CACHE_HOME),/var/cache)/leastcap/sysroot-$(ARCH))
CC := $(TRIPLET)-gcc $(SYSROOT:%=--sysroot=%)
AR := $(TRIPLET)-ar
BUILD ?= build/$(ARCH)
PKG_CONFIG := PKG_CONFIG_SYSROOT_DIR=$(SYSROOT) PKG_CONFIG_LIBDIR=$(SYSROOT)/usr/lib/$(TRIPLET)/pkgconfig pkg-config
endif

ifeq ($(origin CC),default)
CC := gcc
endif
BUILD ?= build

# Which commit this is. Without git, in a copy of the tree, it is what was built there before.
COMMIT := $(shell scripts/commit)
ifeq ($(COMMIT),unknown)
COMMIT := $(or $(file <$(BUILD)/commit),unknown)
endif
$(if $(filter $(COMMIT),$(shell cat $(BUILD)/commit 2>/dev/null)),,$(shell mkdir -p $(BUILD) && echo $(COMMIT) >$(BUILD)/commit))

PACKAGES := libbpf libcap libseccomp jansson libcurl yaml-0.1 libdw libelf zlib sqlite3 libmicrohttpd ncursesw
WARNINGS := -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes -Wshadow -Wwrite-strings -Wvla
CPPFLAGS += -D_GNU_SOURCE -DLC_VERSION='"$(VERSION)"' -Iinclude -I. -I$(BUILD)/include $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
# http_parser has no pkg-config file.
LDLIBS += $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -lhttp_parser
ALL_CFLAGS = -std=gnu11 $(WARNINGS) $(CFLAGS)

# Where <asm/types.h> is: the bpf target has no multiarch directory of its own.
MULTIARCH := $(shell $(CC) -print-multiarch)
BPF_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(firstword $(subst -, ,$(MULTIARCH)))))
# A hook's parameters are the kernel's, used or not.
BPF_CFLAGS := -target bpf -mcpu=v3 -O2 -g -std=gnu11 -Wall -Wextra -Werror -Wno-unused-parameter -ffile-prefix-map=$(CURDIR)=. -D__TARGET_ARCH_$(BPF_ARCH) -I. -I$(SYSROOT)/usr/include/$(MULTIARCH)

LIB_SOURCES := $(filter-out src/cli/%,$(wildcard src/*/*.c))
CLI_SOURCES := $(wildcard src/cli/*.c)
UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
BENCH_SOURCES := $(wildcard tests/bench/*.c)
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
E2E_SOURCES := $(wildcard tests/e2e/programs/*.c) $(wildcard tests/hostile/programs/*.c)
E2E_TOOL_SOURCES := $(wildcard tests/e2e/*.c)
KERNELS_SOURCES := $(wildcard tests/kernels/*.c)
BPF_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard bpf/*.bpf.c))
SCHEMAS := $(wildcard src/*/*.schema.json)
HTML_PARTS := src/report/html.css src/report/html.js src/report/html_live.js
CONSTANTS := $(wildcard src/syscalls/constants/*.list)
MANUALS := $(if $(shell command -v scdoc),$(patsubst src/man/%.scd,$(BUILD)/man/%,$(wildcard src/man/*.scd)))
COMPLETIONS := $(patsubst src/%,$(BUILD)/%,$(wildcard src/completions/*))
EMPTY_BPF := $(patsubst tests/bench/%.bpf.c,$(BUILD)/tests/bench/%.bpf.o,$(wildcard tests/bench/*.bpf.c))

LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o) $(CONSTANTS:%.list=$(BUILD)/%.o) $(BUILD)/bpf/embedded.o $(BUILD)/src/report/html_embedded.o
CLI_OBJECTS := $(CLI_SOURCES:%.c=$(BUILD)/%.o)
UNIT_PROGRAMS := $(UNIT_SOURCES:%.c=$(BUILD)/%)
BENCH_PROGRAMS := $(patsubst %.c,$(BUILD)/%,$(filter-out %.bpf.c,$(BENCH_SOURCES)))
FUZZ_PROGRAMS := $(FUZZ_SOURCES:%.c=$(BUILD)/%)
E2E_PROGRAMS := $(E2E_SOURCES:%.c=$(BUILD)/%)
E2E_TOOLS := $(E2E_TOOL_SOURCES:%.c=$(BUILD)/%)
KERNELS_PROGRAMS := $(KERNELS_SOURCES:%.c=$(BUILD)/%)
C_FILES := $(shell git ls-files '*.c' '*.h' 2>/dev/null || find src bpf include tests -name '*.[ch]')
TIDY := $(patsubst %.c,$(BUILD)/%.tidy,$(filter src/%.c,$(C_FILES)))
SHELL_FILES := $(shell grep -rlE '^\#(!.*sh| shellcheck shell=)' scripts tests src/completions .ci 2>/dev/null)

.PHONY: all programs check check-unit check-e2e check-hostile check-accuracy check-kernels check-machines check-engines check-packages check-packages-all accuracy soak lint sanitize fuzz bench dist install uninstall installcheck clean no-manuals
.DELETE_ON_ERROR:
# Objects are kept: what has not changed is not built again.
.SECONDARY:

all: $(BUILD)/leastcap $(BUILD)/libleastcap.a $(or $(MANUALS),no-manuals) $(COMPLETIONS)

$(BUILD)/leastcap: $(CLI_OBJECTS) $(BUILD)/libleastcap.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libleastcap.a: $(LIB_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

# An object also depends on the flags it was built with: the Makefile.
$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The constants that arguments are made of: their names are in the lists, their values in the system's headers.
$(BUILD)/include/leastcap/constants.h: $(CONSTANTS) scripts/constants
	@mkdir -p $(@D)
	scripts/constants declare $(CONSTANTS) >$@

$(BUILD)/src/syscalls/constants/%.c: src/syscalls/constants/%.list scripts/constants Makefile
	@mkdir -p $(@D)
	scripts/constants define $< $(CC) $(CFLAGS) >$@

$(BUILD)/src/syscalls/constants/%.o: $(BUILD)/src/syscalls/constants/%.c
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(LIB_OBJECTS): | $(BUILD)/include/leastcap/constants.h

$(BUILD)/src/cli/version.o: CPPFLAGS += -DLC_COMMIT='"$(COMMIT)"'
$(BUILD)/src/cli/version.o: $(BUILD)/commit

# What the kernel and libbpf read stays: BTF with its lines. What only debuggers read is a third of the object.
$(BUILD)/%.bpf.o: %.bpf.c Makefile
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -MMD -MP -MF $(@:.o=.d) -MT $@ -c -o $@ $<
	$(LLVM_STRIP) --strip-debug $@

# The BPF objects travel inside the program: nothing to install beside it, nothing to be swapped under it.
$(BUILD)/bpf/embedded.o: bpf/embedded.S $(BPF_OBJECTS)
	@mkdir -p $(@D)
	$(CC) -I$(BUILD) -c -o $@ $<

# The html report's style sheet and scripts travel inside the program too, each with the hash that its page allows it by.
$(BUILD)/src/report/html_embedded.o: src/report/html_embedded.S $(HTML_PARTS) $(HTML_PARTS:%=$(BUILD)/%.sha256)
	$(CC) -I$(BUILD) -c -o $@ $<

$(BUILD)/%.sha256: %
	@mkdir -p $(@D)
	sha256sum $< | cut -c 1-64 | tr a-f A-F | basenc --decode --base16 | basenc --base64 | tr -d '\n' >$@

$(BUILD)/man/%: src/man/%.scd scripts/manual
	@mkdir -p $(@D)
	scripts/manual $< >$@

# They ask the program, which has the tables of options: nothing is generated, so that they are the same for every architecture.
$(BUILD)/completions/%: src/completions/%
	@mkdir -p $(@D)
	cp $< $@

no-manuals:
	@echo 'scdoc is not installed: the manual pages are not built'

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libleastcap.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS) -lcmocka

# The parsing of options belongs to the program and not to the library.
$(BUILD)/tests/unit/test_usage: $(addprefix $(BUILD)/src/cli/,usage.o options.o words.o examples.o)
$(BUILD)/tests/unit/test_color: $(addprefix $(BUILD)/src/cli/,color.o usage.o options.o words.o examples.o)
$(BUILD)/tests/unit/test_trial_left: $(BUILD)/src/cli/trial.o
$(BUILD)/tests/unit/test_prover_look: $(addprefix $(BUILD)/src/cli/,prover_look.o prover_containers.o prover_kernel.o)
# A recording is tested with stand-ins: a clock that jumps, no cgroups, and privileges that the next test still needs.
$(BUILD)/tests/unit/test_recording: LDFLAGS += -Wl,--wrap=clock_gettime,--wrap=lc_hierarchy_find,--wrap=lc_hierarchy_walk,--wrap=lc_privileges_drop

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/libleastcap.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# What end-to-end tests do on the host with the library's help.
$(E2E_TOOLS): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/libleastcap.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Whoever opens a file in a fuzzer may be given its input instead: tests/fuzz/served.c.
$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/served.o $(BUILD)/libleastcap.a
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -Wl,--wrap=fopen,--wrap=open,--wrap=openat $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Programs that run inside containers: static, so that any image can run them.
$(E2E_PROGRAMS) $(KERNELS_PROGRAMS): $(BUILD)/%: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -static -MMD -MP -MF $@.d -o $@ $<

check: check-unit check-e2e check-hostile check-accuracy

check-unit: $(UNIT_PROGRAMS)
	tests/unit/run $(UNIT_PROGRAMS)

check-e2e: all $(E2E_PROGRAMS) $(E2E_TOOLS)
	tests/e2e/run

# What a hostile container, or an unprivileged user of the host, does against a recording: tests/hostile/README.md.
check-hostile: all $(E2E_PROGRAMS)
	tests/hostile/run

# A few that are quick, each with a need of another kind; `make accuracy` records all of them.
check-accuracy: all
	tests/accuracy/run nginx_reload redis_gosu chrony ping_as_nobody gunicorn_as_user numactl

accuracy: all
	tests/accuracy/run

# All attacks at once for five minutes; check-hostile has twenty seconds of it.
soak: all $(E2E_PROGRAMS)
	SOAK_SECONDS=300 E2E_TIMEOUT=600 tests/hostile/run soak

# Not part of check, which takes long enough.
check-kernels: all $(E2E_PROGRAMS) $(KERNELS_PROGRAMS)
	tests/kernels/run
	$(if $(TRIPLET),,tests/kernels/sabotage)

# The two halves of it: the machines that may share their processors, and the others.
check-machines: all $(E2E_PROGRAMS) $(KERNELS_PROGRAMS)
	tests/kernels/run --shared
	tests/kernels/sabotage

check-engines: all $(E2E_PROGRAMS) $(KERNELS_PROGRAMS)
	tests/kernels/run --alone

# Packages, made and tried on bare systems; check-packages-all also has the RPM package and what is for arm64, and makes packages and image twice.
check-packages: all
	tests/packages/run

check-packages-all: all
	tests/packages/run --all

# What the tests run, so that two of them that go on at once build nothing.
programs: all $(UNIT_PROGRAMS) $(E2E_PROGRAMS) $(E2E_TOOLS) $(KERNELS_PROGRAMS)

lint: all $(TIDY)
	scripts/check-strings $(C_FILES)
	scripts/check-symbols $(LIB_OBJECTS) $(CLI_OBJECTS)
	scripts/figures check
	scripts/check-includes
	scripts/check-places
	clang-format --dry-run -Werror $(C_FILES)
	shellcheck -x $(SHELL_FILES)

# A file is read again when it, or a header that it includes, has changed.
$(BUILD)/%.tidy: %.c $(BUILD)/%.o .clang-tidy
	clang-tidy --quiet --warnings-as-errors='*' $< -- -std=gnu11 $(CPPFLAGS)
	@touch $@

sanitize:
	$(MAKE) BUILD=$(BUILD)/sanitize CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' check-unit

# libFuzzer is clang's. FUZZ_SECONDS (60) is for each of the four with large inputs, and a quarter of it for each of the others: six minutes
# and a half in all, on one core.
fuzz:
	$(MAKE) BUILD=$(BUILD)/fuzz CC=$(CLANG) CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' fuzz-programs
	tests/fuzz/run $(BUILD)/fuzz/tests/fuzz

.PHONY: fuzz-programs
fuzz-programs: $(FUZZ_PROGRAMS)

bench: all $(BENCH_PROGRAMS) $(EMPTY_BPF) $(E2E_TOOLS)
	tests/bench/run

# What is installed: FILE:PLACE below PREFIX. The interface for other programs is the program and its JSON: neither the archive nor its
# headers are. MANUALS are pages as they are built (NAME.SECTION), COMPLETIONS built files whose names end in .bash, .zsh and .fish. Examples are those in
# scripts/examples, units those in scripts/systemd, in which @BINDIR@ is where the program is.
PLACE.bash := bash-completion/completions/leastcap
PLACE.zsh := zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)/_leastcap
PLACE.fish := fish/vendor_completions.d/leastcap.fish
INSTALLED := $(BUILD)/leastcap:bin/leastcap \
	$(foreach file,$(SCHEMAS),$(file):share/leastcap/$(notdir $(file))) \
	$(foreach file,$(MANUALS),$(file):share/man/man$(patsubst .%,%,$(suffix $(file)))/$(notdir $(file))) \
	$(foreach file,$(COMPLETIONS),$(file):share/$(PLACE$(suffix $(file)))) \
	$(foreach file,$(wildcard scripts/examples/*),$(file):share/doc/leastcap/examples/$(notdir $(file))) \
	$(foreach file,$(wildcard scripts/systemd/*.in),$(file):lib/systemd/system/$(basename $(notdir $(file)))) \
	$(foreach file,$(wildcard scripts/hook/*.in),$(file):share/containers/oci/hooks.d/$(basename $(notdir $(file))))

install: all
	scripts/install $(DESTDIR)$(PREFIX) $(PREFIX)/bin $(INSTALLED)

# What an installation has besides these, somebody else has put there.
uninstall:
	scripts/install --remove $(DESTDIR)$(PREFIX) $(INSTALLED)

installcheck:
	scripts/install --check $(DESTDIR)$(PREFIX) $(PREFIX)/bin $(INSTALLED)

# The sources of the commit that is checked out, which know what commit they are.
dist:
	@mkdir -p $(BUILD)
	scripts/dist $(BUILD)/leastcap-$(VERSION).tar.gz leastcap-$(VERSION)

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
