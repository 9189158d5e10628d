#!/usr/bin/env bash
# Prints the folder that holds prometheus and promtool, after unpacking Debian's package where they are missing. The
# package is not installed: that would enable a service and start a daemon of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
if command -v prometheus >/dev/null && command -v promtool >/dev/null; then
  dirname "$(command -v promtool)"
  exit
fi
folder=build/prometheus
if [ ! -x $folder/usr/bin/promtool ]; then
  mkdir -p $folder
  (cd $folder && { apt-get download -qq prometheus || { apt-get update -qq && apt-get download -qq prometheus; }; } \
    && dpkg -x prometheus_*.deb . && rm -f prometheus_*.deb) >&2
fi
realpath $folder/usr/bin
