#!/usr/bin/env bash
# Runs a command on the committed tree inside a bare Debian 12: the proof that no install step is hidden.
# Usage: tools/fresh.sh 'COMMAND'   (as root; needs debootstrap; about a minute for the bare root)
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
if [ $# -ne 1 ] || [ "$1" = --help ]; then
  echo "Usage: tools/fresh.sh 'COMMAND'    for example: tools/fresh.sh 'tools/demo.sh --once'"
  exit 64
fi
[ "$(id -u)" -eq 0 ] || { echo "tools/fresh.sh needs root (debootstrap and chroot)." >&2; exit 77; }
need "debootstrap:debootstrap git:git unshare:util-linux"

root=$(mktemp -d /var/tmp/hearth-fresh.XXXXXX)
trap 'rm -rf --one-file-system "$root"' EXIT
mirror=$(grep -rhoE 'https?://[^ ]*/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
  head -1 | tr -d ' ' || true)
echo "Making a bare Debian 12 in $root"
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "${mirror:-http://deb.debian.org/debian}" \
  >"$root.log" 2>&1 || { tail -5 "$root.log" >&2; exit 1; }
rm -f "$root.log"
# The host's way to its package sources: name server, certificates, proxies.
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
printf 'cafile=/etc/ssl/certs/ca-certificates.crt\nupdate-notifier=false\naudit=false\nfund=false\n' >"$root/root/.npmrc"
cat >"$root/etc/apt/sources.list" <<LIST
deb ${mirror:-http://deb.debian.org/debian} bookworm main
LIST
git clone -q --no-hardlinks . "$root/root/hearth"

cat >"$root/root/run.sh" <<RUN
set -e
mount -t proc proc /proc
mount -t tmpfs tmpfs /dev/shm
ip link set lo up 2>/dev/null || true
cd /root/hearth
$1
RUN
echo "Running in it: $1"
status=0
mkdir -p "$root/dev/shm"
for device in null zero random urandom tty full; do
  [ -e "$root/dev/$device" ] || { touch "$root/dev/$device"; }
done
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" \
  NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
  ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
  unshare --mount --pid --fork sh -c '
    for d in null zero random urandom tty full; do mount --bind /dev/$d "$0/dev/$d" 2>/dev/null || true; done
    exec chroot "$0" bash /root/run.sh' "$root" || status=$?
mkdir -p build/fresh
cp -r "$root/root/hearth/build/test-output" build/fresh/ 2>/dev/null || true
if [ "$status" -eq 0 ]; then echo "fresh: passed"; else echo "fresh: failed with $status" >&2; fi
exit "$status"
