#!/usr/bin/env bash
# Runs a command on the committed tree inside a bare Debian 12: the proof that no install step is hidden.
# Usage: tools/fresh.sh 'COMMAND'   (as root; needs debootstrap; about a minute for the bare root)
# This machine's compiler cache is lent to it, since it holds the same compiler's results; HEARTH_COLD=1 lends none.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
. tools/root.sh
if [ $# -ne 1 ] || [ "$1" = --help ]; then
  echo "Usage: tools/fresh.sh 'COMMAND'    for example: tools/fresh.sh 'tools/demo.sh --once'"
  exit 64
fi
[ "$(id -u)" -eq 0 ] || { echo "tools/fresh.sh needs root (debootstrap and chroot)." >&2; exit 77; }
need "debootstrap:debootstrap git:git unshare:util-linux"

root=$(mktemp -d "${TMPDIR:-/var/tmp}/hearth-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
echo "Making a bare Debian 12 in $root"
make_bare_root "$root"
git clone -q --no-hardlinks . "$root/root/hearth"
printf 'set -e\nip link set lo up 2>/dev/null || true\ncd /root/hearth\n%s\n' "$1" >"$root/root/run.sh"
echo "Running in it: $1"
cache=''
[ -n "${HEARTH_COLD:-}" ] || cache=$(ccache --get-config cache_dir 2>/dev/null || true)
[ -d "$cache" ] || cache=''
status=0
run_in_root "$root" /root/run.sh "$cache" || status=$?
mkdir -p build/fresh
cp -r "$root/root/hearth/build/test-output" build/fresh/ 2>/dev/null || true
if [ "$status" -eq 0 ]; then echo "fresh: passed"; else echo "fresh: failed with $status" >&2; fi
exit "$status"
