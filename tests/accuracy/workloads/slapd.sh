# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# slapd on port 389, started as root, keeps a directory as its own user, in a volume that the entry point has given to it.
PACKAGES="slapd ldap-utils"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/ldap/test.conf" <<CONF
include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix dc=test
rootdn cn=admin,dc=test
rootpw secret
directory /data
CONF'
	'--customize-hook=cat >"$1/srv/test.ldif" <<CONF
dn: dc=test
objectClass: dcObject
objectClass: organization
dc: test
o: test
CONF')
OPTIONS=(--volume /data)
COMMAND=(sh -c 'ulimit -n 1024 && chown -R openldap:openldap /data && mkdir -p /run/slapd &&
	exec slapd -h ldap:/// -u openldap -g openldap -f /etc/ldap/test.conf -d 256')

added() {
	peer ldapadd -x -H ldap://127.0.0.1/ -D cn=admin,dc=test -w secret -f /srv/test.ldif
}

found() {
	[[ $(peer ldapsearch -x -LLL -H ldap://127.0.0.1/ -b dc=test -s base o) == *"o: test"* ]]
}

works() {
	eventually 5 added
	found || fail "the entry did not come back"
	[[ $(users_of slapd) == "$(uid_of openldap)" ]] || fail "slapd runs as $(users_of slapd)"
	! peer ldapwhoami -x -H ldap://127.0.0.1/ -D cn=admin,dc=test -w wrong || fail "it takes any password"
	started_again
	eventually 5 found
	[[ $(owner_in /data/data.mdb) == "$(uid_of openldap):"* ]] || fail "what it saved is $(owner_in /data/data.mdb)"
	still_running 1
	stopped_cleanly
}

PROVEN="CHOWN SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, ldap-utils 2.5.13+dfsg-5, slapd 2.5.13+dfsg-5"
