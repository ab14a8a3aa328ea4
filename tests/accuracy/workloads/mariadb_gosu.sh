# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# mariadb as its official image starts it: root gives an empty volume to mysql, and gosu becomes that user, which makes the
# system's tables and serves. Started again, it has its data.
PACKAGES="mariadb-server mariadb-client gosu"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/mysql/init.sql" <<SQL
CREATE USER IF NOT EXISTS tester;
CREATE DATABASE IF NOT EXISTS test;
GRANT ALL ON test.* TO tester;
SQL'
	'--customize-hook=rm -rf "$1/var/lib/mysql/"*')
OPTIONS=(--volume /data)
COMMAND=(bash -c 'set -e
	mkdir -p /run/mysqld
	find /data /run/mysqld \! -user mysql -exec chown mysql: {} +
	exec gosu mysql bash -ec "
		[[ -d /data/mysql ]] || mariadb-install-db --datadir=/data --skip-test-db >/dev/null
		exec mariadbd --datadir=/data --bind-address=0.0.0.0 --init-file=/etc/mysql/init.sql"')

sql() {
	peer mariadb --host 127.0.0.1 --user tester --skip-column-names --execute "$1" test
}

works() {
	eventually 20 sql "create or replace table letters as select 'good day' as letter"
	[[ $(users_of mariadbd) == "$(uid_of mysql)" ]] || fail "mariadbd runs as $(users_of mariadbd)"
	still_running 1
	started_again
	eventually 20 sql "select letter from letters"
	[[ $(sql "select letter from letters") == "good day" ]] || fail "the row did not come back"
	stopped_cleanly
	! logs | grep -E '\[ERROR\]|Errcode' >&2 || fail "errors in its output"
}

PROVEN="CHOWN DAC_OVERRIDE SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, gosu 1.14-1+b10, mariadb-client 1:10.11.18-0+deb12u1, mariadb-server 1:10.11.18-0+deb12u1"
