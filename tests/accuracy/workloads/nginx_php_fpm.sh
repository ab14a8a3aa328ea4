# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# nginx and php-fpm in one container, under supervisord and with a UNIX socket between them: a script runs as www-data,
# also after supervisord was told to restart both.
PACKAGES="supervisor nginx-light php-fpm"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=echo "<?php echo \"user \"; passthru(\"id -u\");" >"$1/srv/who.php"'
	'--customize-hook=cat >"$1/etc/nginx/sites-available/default" <<CONF
server {
	listen 80;
	root /srv;
	location ~ \.php$ {
		include snippets/fastcgi-php.conf;
		fastcgi_pass unix:/run/php/php8.2-fpm.sock;
	}
}
CONF'
	'--customize-hook=cat >"$1/etc/supervisor/test.conf" <<CONF
[supervisord]
nodaemon=true
user=root
[program:php]
command=php-fpm8.2 --nodaemonize --force-stderr
stderr_logfile=/dev/stderr
stderr_logfile_maxbytes=0
[program:nginx]
command=nginx -g "daemon off; error_log stderr;"
stderr_logfile=/dev/stderr
stderr_logfile_maxbytes=0
CONF')
COMMAND=(sh -c 'mkdir -p /run/php && exec supervisord -c /etc/supervisor/test.conf')

answered() {
	[[ $(curl --silent --max-time 2 "http://$ADDRESS/who.php") == "user $(uid_of www-data)" ]]
}

children() {
	local pid first
	first=$("$DOCKER" inspect -f '{{.State.Pid}}' "$CONTAINER")
	for pid in $(processes); do
		[[ $pid == "$first" ]] || printf '%s\n' "$pid"
	done
}

# replaced PIDS: are there children, and none of the old ones?
replaced() {
	[[ $(children) && ! $(comm -12 <(sort <<<"$1") <(children | sort)) ]]
}

works() {
	local old
	eventually 10 answered
	old=$(children)
	signal_container HUP
	eventually 10 replaced "$old"
	eventually 5 answered
	still_running 1
	[[ $(users_of nginx) == "0 $(uid_of www-data)" ]] || fail "nginx runs as $(users_of nginx)"
	[[ $(users_of php-fpm8.2) == "0 $(uid_of www-data)" ]] || fail "php-fpm runs as $(users_of php-fpm8.2)"
	stopped_cleanly
	# nginx may be up before php-fpm has made its socket.
	! logs | grep -v 'connect() to unix:.*No such file' | grep -E 'ALERT|ERROR|\[(alert|emerg|crit|error)\]|FATAL' >&2 || fail "alerts in its output"
}

PROVEN="CHOWN DAC_OVERRIDE KILL SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, nginx-light 1.22.1-9+deb12u9, php-fpm 2:8.2+93, supervisor 4.2.5-1"
