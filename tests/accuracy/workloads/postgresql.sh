# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# postgresql as its official image starts it: root makes the directories and gives them to postgres, and gosu becomes that
# user, which makes a cluster and serves it.
PACKAGES="postgresql gosu"
OPTIONS=(--stop-signal INT)
# shellcheck disable=SC2016
COMMAND=(bash -c 'set -e
	export PGDATA=/var/lib/postgresql/data
	mkdir -p "$PGDATA" /run/postgresql
	chmod 700 "$PGDATA" || :
	chmod 3775 /run/postgresql || :
	find "$PGDATA" /run/postgresql \! -user postgres -exec chown postgres {} +
	cd "$PGDATA"
	PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
	gosu postgres initdb --auth=trust >/dev/null
	echo "host all all all trust" >>pg_hba.conf
	exec gosu postgres postgres -c listen_addresses="*"')

sql() {
	peer psql --host 127.0.0.1 --username postgres --no-psqlrc --tuples-only --no-align --command "$1"
}

works() {
	eventually 20 sql "create table letters as select 'good day' as letter"
	[[ $(sql "select letter from letters") == "good day" ]] || fail "the row did not come back"
	[[ $(users_of postgres) == "$(uid_of postgres)" ]] || fail "postgres runs as $(users_of postgres)"
	still_running 1
	stopped_cleanly
	# Who asks too early is told so.
	! logs | grep -v 'FATAL:  the database system is starting up' | grep -E 'FATAL|PANIC|ERROR' >&2 || fail "errors in its output"
}

PROVEN="CHOWN DAC_OVERRIDE SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, gosu 1.14-1+b10, postgresql 15+248+deb12u1"
