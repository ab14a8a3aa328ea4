# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# php-fpm runs a script as www-data for a FastCGI client, and its master, root, replaces and ends the workers.
PACKAGES="php-fpm libfcgi-bin"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=sed -i "s/^listen = .*/listen = 9000/" "$1"/etc/php/*/fpm/pool.d/www.conf'
	'--customize-hook=echo "<?php echo \"user \"; passthru(\"id -u\");" >"$1/srv/who.php"')
OPTIONS=(--stop-signal QUIT)
COMMAND=(sh -c 'mkdir -p /run/php && exec php-fpm8.2 --nodaemonize --force-stderr')

fastcgi() {
	peer timeout 2 env REQUEST_METHOD=GET SCRIPT_FILENAME=/srv/who.php cgi-fcgi -bind -connect 127.0.0.1:9000
}

answered() {
	[[ $(fastcgi) == *"user $(uid_of www-data)"* ]]
}

works() {
	local old
	eventually 5 answered
	old=$(workers)
	signal_container USR2
	eventually 5 replaced "$old"
	eventually 5 answered
	still_running 1
	[[ $(users_of php-fpm8.2) == "0 $(uid_of www-data)" ]] || fail "php-fpm runs as $(users_of php-fpm8.2)"
	stopped_cleanly 5
	! logs | grep -E 'ALERT|ERROR|WARNING' >&2 || fail "alerts in its output"
}

PROVEN="KILL SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, libfcgi-bin 2.4.2-2+deb12u1, php-fpm 2:8.2+93"
