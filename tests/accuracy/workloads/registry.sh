# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A Docker registry, root, that takes a layer into its volume and gives it back, also when it was started again.
PACKAGES="docker-registry"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/docker/registry/test.yml" <<CONF
version: 0.1
storage:
  filesystem:
    rootdirectory: /data
http:
  addr: 0.0.0.0:5000
CONF')
OPTIONS=(--volume /data)
COMMAND=(docker-registry serve /etc/docker/registry/test.yml)

registry() {
	curl --silent --show-error --fail --max-time 3 "$@"
}

# pushed DIGEST: sends the layer that standard input is.
pushed() {
	local place
	place=$(registry --request POST --dump-header - --output /dev/null "http://$ADDRESS:5000/v2/letters/blobs/uploads/" |
		sed -nE 's/^location: (\S+)\s*$/\1/Ip')
	[[ $place && $place != *\?* ]] || place+="&digest=$1"
	[[ $place == *digest=* ]] || place+="?digest=$1"
	registry --request PUT --header 'Content-Type: application/octet-stream' --data-binary @- "$place"
}

works() {
	local digest
	digest=sha256:$(sha256sum <<<"good day" | cut -d ' ' -f 1)
	eventually 5 registry "http://$ADDRESS:5000/v2/"
	pushed "$digest" <<<"good day" || fail "the layer was not taken"
	started_again
	eventually 5 registry "http://$ADDRESS:5000/v2/letters/blobs/$digest"
	[[ $(registry "http://$ADDRESS:5000/v2/letters/blobs/$digest") == "good day" ]] || fail "the layer did not come back"
	still_running 1
}

PROVEN=""
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, docker-registry 2.8.2+ds1-1"
