# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What each fuzzer begins with: seeds_NAME DIRECTORY puts small and valid inputs there. Sourced by tests/fuzz/run, in the top directory.

FIXTURES=tests/unit/fixtures
ID=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

# Small ELF files of each kind: with and without symbols, debug information, call frame information, at fixed addresses and not.
seeds_unwind() {
	local flags n=0
	cat >"$1/../seed.c" <<-'C'
		static inline __attribute__((always_inline)) int inlined(int n) { return n * 3; }
		__attribute__((noinline)) int inner(volatile int *n) { return *n += inlined(*n); }
		__attribute__((noinline)) int outer(volatile int *n) { return inner(n) + inner(n) + 1; }
		void _start(void) { volatile int n = 2; outer(&n); for (;;) ; }
	C
	for flags in "-g -O2 -fpie -pie" "-g -O2 -no-pie -static" "-O2 -fpie -pie -s" "-g -O1 -shared -fpic" \
		"-g -O0 -fpie -pie -fno-asynchronous-unwind-tables" "-g -gdwarf-4 -O2 -fpie -pie -gz" \
		"-O2 -fpie -pie -fno-asynchronous-unwind-tables"; do
		# shellcheck disable=SC2086
		${CC:-gcc} $flags -nostdlib -ffreestanding -Wl,--build-id -Wl,-z,noseparate-code -o "$1/$n" "$1/../seed.c"
		n=$((n + 1))
	done
	objcopy --only-keep-debug "$1/0" "$1/debug"
	cp "$1/0" "$1/linked"
	objcopy --strip-debug --add-gnu-debuglink="$1/debug" "$1/linked"
}

# Nothing but what the fuzzer finds out: answers are a few numbers and strings.
seeds_wire() {
	:
}

# A profile with every field and hostile names, and one without any target.
seeds_profile() {
	cat >"$1/empty" <<-'JSON'
		{"schema": "leastcap-profile/1", "tool": "x", "host": {}, "started": "2025-01-02T03:04:05Z", "ended": "2025-01-02T03:04:05Z",
		"lost": 0, "targets": []}
	JSON
	sed "s/ID/$ID/" >"$1/full" <<-'JSON'
		{"schema": "leastcap-profile/1", "tool": "leastcap 0.1.0", "lost": 3,
		"host": {"kernel": "6.12", "machine": "x86_64", "hook": "fexit", "cgroup": "v2"},
		"started": "2025-01-02T03:04:05Z", "ended": "2025-01-02T03:04:06Z",
		"targets": [{"kind": "container", "name": "a\u202e\u0007\u009b\n<b>`$(x)`", "id": "ID", "engine": "docker",
		"image": "--cap-add=ALL", "service": "web'\"", "project": "::error::x", "pod": "|a|", "namespace": "- n: *x", "user": "0:0",
		"cgroup": "/docker/ID", "privileged": false, "configured": {"cap_add": ["CHOWN"], "cap_drop": ["KILL"]},
		"granted": ["CHOWN", "KILL"], "cap_add": ["CHOWN"], "verify": ["CHOWN"], "unused": ["KILL"], "wanted": ["SYS_TIME"],
		"rating": {"level": "wide", "why": "a", "advice": "b"},
		"init": {"pid": 7, "seccomp": "filter", "no_new_privs": true, "own_userns": true, "sets": {"inheritable": [],
		"permitted": ["CHOWN"], "effective": ["CHOWN"], "bounding": ["CHOWN", "KILL"], "ambient": []}},
		"advice": [{"cap": "CHOWN", "text": "do it\u001b[31m in the image"}],
		"evidence": [{"cap": "CHOWN", "class": "required", "verdict": "granted", "authority": "effective", "credential": "own",
		"phase": "workload", "userns": "target", "audited": "yes", "ordinary": true, "survivable": true, "count": 2,
		"first": "2025-01-02T03:04:05.000001Z", "last": "2025-01-02T03:04:05.000002Z", "syscall": "fchownat",
		"caller": "setattr_prepare", "exe": "/bin/\u0001chown", "comm": "</script>", "about": "/x\r\n", "user": "0:0", "result": null,
		"object": {"path": "/x", "owner": "root:root", "mode": "0644", "type": "file"}, "user_stack": 0},
		{"cap": "SYS_TIME", "class": "blocked", "verdict": "denied", "authority": "none", "credential": "own", "phase": "workload",
		"userns": "target", "audited": "yes", "count": 1, "first": "2025-01-02T03:04:05.000001Z",
		"last": "2025-01-02T03:04:05.000001Z", "comm": "date", "result": "EPERM"}],
		"engine_version": "20.10\u001b", "label": "docker-default (enforce)\n",
		"failures": [{"cause": "filter", "filter": "refuses", "expected": true, "denied": true, "asked": true, "no_new_privs": true,
		"caps": ["SYS_ADMIN"], "argument": "0x10000000", "count": 2, "first": "2025-01-02T03:04:05.000001Z",
		"last": "2025-01-02T03:04:05.000002Z", "syscall": "mount", "result": "EPERM", "exe": "/bin/\u0001mount", "comm": "<b>",
		"about": "/mnt\r\n", "user": "0:0", "why": "a\u001b[31m.", "help": "b.",
		"object": {"path": "/mnt", "owner": "root:root", "mode": "0644", "type": "file"}}]}],
		"stacks": [{"frames": [{"function": "main", "offset": 4, "module": "m", "file": "a\u0007.c", "line": 3}]}]}
	JSON
	cp "$FIXTURES"/*.json "$1/"
}

seeds_compose() {
	cp "$FIXTURES"/compose/*.yaml "$1/"
}

# Compose files and profiles are policies too.
seeds_policy() {
	cp "$FIXTURES"/compose/{plain,merge,extends,privileged}.yaml "$FIXTURES/compose/profile.json" "$1/"
	cat >"$1/deployment" <<-'YAML'
		apiVersion: apps/v1
		kind: Deployment
		metadata: {name: shop, namespace: default}
		spec:
		  template:
		    spec:
		      securityContext: {runAsUser: 0}
		      initContainers:
		      - name: init
		        image: busybox
		      containers:
		      - name: web
		        image: nginx
		        securityContext:
		          privileged: false
		          capabilities: {drop: [ALL], add: [CHOWN, NET_BIND_SERVICE]}
		---
		apiVersion: v1
		kind: List
		items:
		- {kind: Pod, metadata: {name: one}, spec: {containers: [{name: a, securityContext: {capabilities: {add: ["CAP_KILL"]}}}]}}
		- {kind: CronJob, metadata: {name: two}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: b}]}}}}}}
	YAML
}

seeds_baseline() {
	cat >"$1/one" <<-'YAML'
		accepted:
		  - name: web
		    capabilities: [CHOWN, CAP_NET_RAW, SYS_TIME]
		    reason: a reason
		    owner: "me\u001b[31m"
		    expires: 2030-12-31
		  - {name: shop/web, capabilities: [KILL], reason: x, owner: y, expires: 1970-01-01}
	YAML
}

seeds_engine() {
	printf '%s' '{"Id":"'$ID'","Name":"/web","State":{"Pid":4711,"Running":true},"Config":{"Image":"nginx","User":"1000:1000",
		"Labels":{"com.docker.compose.project":"shop","com.docker.compose.service":"web",
		"io.kubernetes.container.name":"c","io.kubernetes.pod.name":"p","io.kubernetes.pod.namespace":"n"}},
		"HostConfig":{"Privileged":false,"CapAdd":["NET_ADMIN"],"CapDrop":null}}' >"$1/docker"
	printf '%s' '{"process":{"user":{"uid":0,"gid":0},"capabilities":{"bounding":["CAP_CHOWN"]}},
		"annotations":{"io.container.manager":"libpod","org.opencontainers.image.ref.name":"i","nerdctl/name":"n",
		"io.podman.annotations.privileged":"TRUE"},"linux":{"cgroupsPath":"/docker/'$ID'"}}' >"$1/bundle"
	printf '%s' '[{"id":"'$ID'","names":["web"],"metadata":"{\"image-name\":\"nginx\"}"}]' >"$1/storage"
}

seeds_monitor() {
	printf '%s\0' conmon --api-version 1 -c "$ID" -u "$ID" -r /usr/bin/crun -b "/storage/overlay-containers/$ID/userdata" \
		-n web --exit-dir /run >"$1/conmon"
	printf '%s\0' /usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id "$ID" -address /run/containerd.sock >"$1/shim"
}

# Those of this machine; the mounts also as cgroup v2, v1 and hybrid hosts have them.
seeds_proc() {
	local file
	for file in mountinfo cgroup status stat uid_map maps; do
		head -c 8192 "/proc/self/$file" >"$1/$file"
	done
	cat >"$1/hybrid" <<-'TEXT'
		25 1 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw
		26 25 0:22 / /sys/fs/cgroup/unified rw,nosuid shared:8 - cgroup2 cgroup2 rw,nsdelegate
		27 25 0:23 /docker/0123 /sys/fs/cgroup/pids rw shared:9 master:3 - cgroup cgroup rw,pids
		28 1 1:0 / /mnt/a\040b\134c rw - ext4 /dev/ram0 rw
		0::/init.scope
		4:pids:/docker/0123
		3:cpu,cpuacct:/
		Name:	a b
		Uid:	0	0	0	0
		Gid:	0	0	0	0
		Groups:	1 2 3
		NSpid:	7	1
		CapInh:	0000000000000000
		CapPrm:	000001ffffffffff
		CapEff:	000001ffffffffff
		CapBnd:	000001ffffffffff
		CapAmb:	0000000000000000
		NoNewPrivs:	0
		Seccomp:	2
		400000-401000 r-xp 00001000 08:01 12345 /usr/bin/a b (deleted)
	TEXT
}

seeds_cgroup_name() {
	local path
	for path in "docker/$ID" "system.slice/docker-$ID.scope/init.scope" "kubepods.slice/pod1/cri-containerd-$ID.scope" \
		"machine.slice/libpod-$ID.scope/container" "a.slice:cri-containerd:$ID" lxc.payload.web/init.scope lxc/web \
		"machine.slice/machine-a\\x2db.scope" system.slice/nginx.service; do
		printf '/%s' "$path" >"$1/${path//\//+}"
	done
}

seeds_kallsyms() {
	local file
	for file in "$FIXTURES"/kernels/*.symbols; do
		head -n 100 "$file" >"$1/${file##*/}"
	done
	printf '%s\n' 'ffffffff81000000 T _stext' 'ffffffff810a2200 T cap_capable' 'ffffffff810a2210 t cap_capable.cold' \
		'ffffffff810a2220 T ns_capable' 'ffffffff810a2230 t __x64_sys_capset' 'ffffffffc0000000 t a.llvm.123	[module]' \
		'ffffffff82000000 T _etext' >"$1/parts"
}

# Layouts 1, 2 and 3 of struct vfs_cap_data.
seeds_file_capabilities() {
	printf '\1\0\0\1\0\x20\0\0\0\0\0\0' >"$1/1"
	printf '\1\0\0\2\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >"$1/2"
	printf '\1\0\0\3\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xe8\3\0\0' >"$1/3"
}

# A call, 64 bytes, and one filter: ld nr; jeq #0, next, +1; st M[0]; ret #ALLOW; ret a.
seeds_filter() {
	printf '%064d\5\x20\0\0\0\0\0\0\0\x15\0\0\1\0\0\0\0\2\0\0\0\0\0\0\0\6\0\0\0\0\0\xff\x7f\x16\0\0\0\0\0\0\0' 0 >"$1/one"
}

# said WHO TEXT: a piece of a conversation, of 255 bytes at most: 0 is the client, 1 the engine.
said() {
	printf "%b%b%b" "\\0$1" "\\0$(printf '%o' "$(printf '%b' "$2" | wc -c)")" "$2"
}

seeds_proxy() {
	local create='{"Image":"i","HostConfig":{"CapAdd":["KILL"],"Privileged":true,"Memory":1.5e9},"Labels":{"a":"b"}}'
	printf '0%s' "$create" >"$1/docker"
	printf '0%s' '{"image":"i","cap_add":["CAP_KILL"],"cap_drop":null,"labels":{},"privileged":false}' >"$1/libpod"
	{
		printf 1
		said 0 "POST /v1.41/containers/create?name=w HTTP/1.1\r\nContent-Length: ${#create}\r\n\r\n$create"
		said 1 'HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{"Id":"i"}'
		said 0 'POST /exec/1/start HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}'
		said 1 'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n'
		said 0 in
		said 1 out
	} >"$1/upgrade"
	{
		printf 1
		said 0 'POST /libpod/containers/create HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET /'
		said 1 'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\na\r\n{"Id":"i"}\r\n0\r\n\r\n'
		said 0 ' HTTP/1.1\r\n\r\n'
		said 1 'HTTP/1.1 200 OK\r\n\r\nuntil the end'
	} >"$1/chunked"
}

seeds_rootfs() {
	printf 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:1000:1000::/:/bin/false\n' >"$1/passwd"
	printf 'root:x:0:\n+:::\nadm:x:1000:a,b\n' >"$1/group"
	printf '#!/script -x\n:' >"$1/circle"
	printf '#! /etc/passwd\n' >"$1/script"
}
