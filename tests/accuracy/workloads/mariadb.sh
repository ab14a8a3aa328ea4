# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# mariadbd, started as root, serves a table as mysql.
PACKAGES="mariadb-server mariadb-client"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/mysql/init.sql" <<SQL
CREATE USER tester;
CREATE DATABASE test;
GRANT ALL ON test.* TO tester;
SQL')
COMMAND=(sh -c 'mkdir -p /run/mysqld && chown mysql /run/mysqld &&
	exec mariadbd --user=mysql --bind-address=0.0.0.0 --init-file=/etc/mysql/init.sql')

sql() {
	peer mariadb --host 127.0.0.1 --user tester --skip-column-names --execute "$1" test
}

works() {
	eventually 20 sql "create or replace table letters as select 'good day' as letter"
	[[ $(sql "select letter from letters") == "good day" ]] || fail "the row did not come back"
	[[ $(users_of mariadbd) == "$(uid_of mysql)" ]] || fail "mariadbd runs as $(users_of mariadbd)"
	still_running 1
	stopped_cleanly
	! logs | grep -E '\[ERROR\]|Errcode' >&2 || fail "errors in its output"
}

PROVEN="CHOWN DAC_OVERRIDE SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, mariadb-client 1:10.11.18-0+deb12u1, mariadb-server 1:10.11.18-0+deb12u1"
