# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# From sources to a system: what make dist packs, and what make install, installcheck and uninstall do with a directory.

# in_tree TARGET...: make in the project's tree, for a system that is in ./root
in_tree() {
	make --silent --directory="$ROOT" "$@" DESTDIR="$TEST_DIR/root" PREFIX=/usr
}

# What is to be there, besides manual pages and completions, of which there may be some.
expected() {
	printf './%s\n' bin/leastcap lib/systemd/system/leastcap-record.service lib/systemd/system/leastcap.service
	(cd "$ROOT" && find src -name '*.schema.json' -printf './share/leastcap/%f\n' &&
		find scripts -path 'scripts/examples/*' -type f -printf './share/doc/leastcap/examples/%f\n' &&
		find scripts -path 'scripts/hook/*.in' -printf './share/containers/oci/hooks.d/%f\n' | sed 's/\.in$//')
}

test_install_puts_everything_in_its_place_and_nothing_else() {
	in_tree install
	assert_match "$(root/usr/bin/leastcap --version)" '^leastcap ' "the installed program"
	assert_eq "$(cd root/usr && find . -type f -not -path './share/man/*' -not -name _leastcap -not -path './share/*completions*' | sort)" \
		"$(expected | sort)" "what was installed"
	assert_eq "$(grep -rl @BINDIR@ root || true)" "" "places that were not filled in"
	assert_match "$(<root/usr/lib/systemd/system/leastcap-record.service)" 'exec /usr/bin/leastcap record' "the unit"
}

test_install_names_only_directories_of_the_prefix() {
	make --silent --directory="$ROOT" install DESTDIR="$TEST_DIR/root" PREFIX=/opt/leastcap
	assert_eq "$(ls root root/opt)" $'root:\nopt\n\nroot/opt:\nleastcap' "where it was installed"
	assert_match "$(<root/opt/leastcap/lib/systemd/system/leastcap-record.service)" 'exec /opt/leastcap/bin/leastcap record' "the unit"
}

test_the_service_is_confined() {
	systemd-analyze security --help 2>/dev/null | grep -q -- --offline || skip "no systemd-analyze that looks at files"
	in_tree install
	systemd-analyze security --offline=yes --threshold=20 --no-pager root/usr/lib/systemd/system/leastcap.service >out 2>&1 ||
		fail "it is exposed more than 2.0: $(tail -n 1 out)"
}

test_installcheck_says_what_is_broken() {
	in_tree install
	assert_match "$(in_tree installcheck)" $'\n[0-9]+ passed, 0 failed$' "of a whole installation"
	echo >>root/usr/share/leastcap/leastcap-profile-1.schema.json
	! in_tree installcheck >out 2>&1 || fail "nothing was found in a broken installation"
	assert_match "$(<out)" 'not ok [^ ]*/usr/share/leastcap/leastcap-profile-1.schema.json is what was built' "what it says"
	assert_match "$(<out)" ' passed, 1 failed' "how much it finds"
}

test_uninstall_removes_what_was_installed_and_nothing_of_others() {
	in_tree install
	echo "somebody's" >root/usr/bin/other
	in_tree uninstall
	assert_eq "$(find root -type f)" root/usr/bin/other "what is left"
	assert_eq "$(find root -name '*leastcap*')" "" "directories that are left"
}

test_dist_packs_the_commit_which_knows_its_name_without_git() {
	[[ -e $ROOT/.git ]] || skip "these sources are no git checkout"
	mkdir outer
	git init --quiet outer
	"$ROOT/scripts/dist" "$TEST_DIR/one.tar.gz" leastcap-1
	"$ROOT/scripts/dist" "$TEST_DIR/two.tar.gz" leastcap-1
	cmp one.tar.gz two.tar.gz || fail "packing twice gives other bytes"
	tar -C outer -xzf one.tar.gz
	assert_eq "$(outer/leastcap-1/scripts/commit)" "$(git -C "$ROOT" rev-parse --short=12 HEAD)" "the commit"
	assert_eq "$(outer/leastcap-1/scripts/commit --time)" "$(git -C "$ROOT" log -1 --format=%ct)" "its time"
	assert_eq "$(cd outer/leastcap-1 && find . -type f | wc -l)" "$(git -C "$ROOT" ls-tree -r --name-only HEAD | wc -l)" "its files"
}

test_sources_without_git_below_somebody_elses_repository_do_not_take_its_commit() {
	mkdir -p outer/tree/scripts
	cp "$ROOT/scripts/commit" outer/tree/scripts/
	# shellcheck disable=SC2016
	echo '$Format:%H %ct$' >outer/tree/.commit
	git init --quiet outer
	git -C outer -c user.name=a -c user.email=a@b commit --quiet --allow-empty -m a
	assert_eq "$(outer/tree/scripts/commit)" unknown "the commit"
}
