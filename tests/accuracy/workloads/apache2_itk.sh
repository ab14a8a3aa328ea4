# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# apache2 with mpm_itk serves a page that only its owner may read, from a child that becomes that owner for the request. It also tries to
# put a filter of system calls on the child, and goes on where it may not.
PACKAGES="apache2 libapache2-mpm-itk"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home tester'
	'--customize-hook=mkdir "$1/home/tester/www" && echo "secret page" >"$1/home/tester/www/index.html"'
	'--customize-hook=chroot "$1" chown -R tester: /home/tester/www && chmod -R u=rwX,go= "$1/home/tester/www"'
	'--customize-hook=chroot "$1" a2dismod -q mpm_event'
	'--customize-hook=chroot "$1" a2enmod -q mpm_prefork mpm_itk'
	'--customize-hook=cat >"$1/etc/apache2/sites-enabled/000-default.conf" <<CONF
ServerName test
<VirtualHost *:80>
	DocumentRoot /home/tester/www
	AssignUserId tester tester
	<Directory /home/tester/www>
		Require all granted
	</Directory>
</VirtualHost>
CONF')
OPTIONS=(--cap-add DAC_READ_SEARCH --cap-add SYS_NICE)
# shellcheck disable=SC2016
COMMAND=(bash -c '. /etc/apache2/envvars && mkdir -p "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR" && exec apache2 -D FOREGROUND')

page() {
	[[ $(curl --silent --fail --max-time 2 "http://$ADDRESS/") == "secret page" ]]
}

works() {
	eventually 10 page
	page
	still_running 1
	stopped_cleanly
	! file_in /var/log/apache2/error.log | grep -iE 'error\]|crit|emerg|not permitted|:warn' >&2 || fail "alerts in the log"
}

PROVEN="DAC_READ_SEARCH KILL SETGID SETUID SYS_NICE"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, apache2 2.4.68-1~deb12u1, libapache2-mpm-itk 2.4.7-04-1+b1"
