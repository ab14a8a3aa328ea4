# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A tool that manages accounts: adds a user with a home and a password, changes it, and removes another one.
PACKAGES="util-linux"
COMMAND=(sh -ec '
	useradd --create-home --shell /bin/bash --groups users carol
	useradd --create-home dave
	echo carol:open-sesame | chpasswd
	usermod --append --groups staff --comment Carol carol
	userdel --remove dave')
ONESHOT=yes

# What is in PATH: mode, owner and name, a line each.
entries() {
	"$DOCKER" cp "$CONTAINER:$1" - | tar -tv --numeric-owner | awk '{ print $1, $2, $NF }'
}

works() {
	local owner
	((STATUS == 0))
	owner=$(file_in /etc/passwd | sed -nE 's,^carol:x:([0-9]+):([0-9]+):Carol:/home/carol:/bin/bash$,\1/\2,p')
	[[ $owner ]] || fail "there is no carol in /etc/passwd"
	file_in /etc/shadow | grep -q '^carol:\$y\$' || fail "carol has no password"
	file_in /etc/group | grep -q '^users:.*:carol$' || fail "carol is not in the group users"
	file_in /etc/group | grep -q '^staff:.*:carol$' || fail "carol is not in the group staff"
	# 42 is shadow.
	[[ $(entries /etc/shadow) == "-rw-r----- 0/42 shadow" ]] || fail "of /etc/shadow: $(entries /etc/shadow)"
	diff - <(entries /home | LC_ALL=C sort -k 3) >&2 <<-END
		drwxr-xr-x 0/0 home/
		drwxr-xr-x $owner home/carol/
		-rw-r--r-- $owner home/carol/.bash_logout
		-rw-r--r-- $owner home/carol/.bashrc
		-rw-r--r-- $owner home/carol/.profile
	END
	! file_in /etc/passwd | grep '^dave:' || fail "dave is still there"
	! grep -v 'mail spool (/var/mail/dave) not found' "$OUTPUT" || fail "it complained"
}

PROVEN="CHOWN DAC_OVERRIDE FOWNER"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
EXTRA_BECAUSE="AUDIT_WRITE: their messages for the audit log are sent and accepted; refused, they go on without a word"
