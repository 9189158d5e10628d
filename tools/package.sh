#!/usr/bin/env bash
# The Debian packages: made, looked at by lintian, and proven.
# Usage: tools/package.sh [arm64 | --prove]
#   (nothing)  hearth and hearth-sim for this machine, in build/packages
#   arm64      the same for a Raspberry Pi, cross-built; unit tests and `hearthd --check` run under qemu
#   --prove    in a bare Debian 12: install, run, upgrade, roll back, remove, purge (as root)
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
. tools/root.sh
what=${1:-here}
case "$what" in
  here | arm64 | --prove) ;;
  *) sed -n '2,6s/^# //p' "$0"; [ "$what" = --help ]; exit ;;
esac
need "$build_needs $package_needs"
programs=(hearthd hearthctl discord-sim)

# make_packages BUILD_FOLDER: cpack, and lintian's word on the result.
make_packages() {
  rm -rf "$1/packages"
  (cd "$1" && cpack >cpack.log 2>&1) || { cat "$1/cpack.log" >&2; return 1; }
  lintian --allow-root --fail-on error --tag-display-limit 0 "$1"/packages/*.deb
  ls -l "$1"/packages/*.deb
}

if [ "$what" = arm64 ]; then
  need "aarch64-linux-gnu-g++:crossbuild-essential-arm64 qemu-aarch64-static:qemu-user-static"
  root=$PWD/build/arm64-root
  # What the build needs of this machine, it needs of that one: everything that brings a header.
  mapfile -t libraries < <(tr ' ' '\n' <<<"$build_needs" | sed -n 's/.*\.hp*:\(.*\)/\1/p' | sort -u)
  libraries+=(libc6-dev libstdc++-12-dev tzdata catch2)
  if [ "$(cat "$root/.packages" 2>/dev/null)" != "${libraries[*]}" ]; then
    echo "Unpacking the arm64 packages into build/arm64-root"
    rm -rf "$root"
    make_arm64_root "$root" "${libraries[@]}"
    echo "${libraries[*]}" >"$root/.packages"
  fi
  echo "Cross-building"
  build arm64 "${programs[@]}" rules_tests io_tests
  file build/arm64/bin/hearthd | grep -q 'ARM aarch64'
  in_root=(qemu-aarch64-static -L "$root")
  echo "Unit tests under qemu"
  "${in_root[@]}" build/arm64/bin/rules_tests
  # Not what measures time against a real clock: emulation is many times slower.
  "${in_root[@]}" build/arm64/bin/io_tests '[store]'
  echo "hearthd --check under qemu"
  "${in_root[@]}" build/arm64/bin/hearthd --version
  env -i HEARTH_DISCORD_TOKEN=none "${in_root[@]}" build/arm64/bin/hearthd --config config/hearth.example.toml --check | tail -3
  # dpkg-shlibdeps has to ask the packages of the other machine.
  mkdir -p build/arm64/tools
  printf '#!/bin/sh\nexec /usr/bin/dpkg-shlibdeps --admindir=%q "$@"\n' "$root/var/lib/dpkg" >build/arm64/tools/dpkg-shlibdeps
  chmod 755 build/arm64/tools/dpkg-shlibdeps
  PATH=$PWD/build/arm64/tools:$PATH DEB_HOST_ARCH=arm64 make_packages build/arm64
  exit
fi

build release "${programs[@]}"
make_packages build
[ "$what" = --prove ] || exit 0
exec tools/package_proof.sh
