#!/usr/bin/env bash
# Prints the path of the Node that tests run on (the pinned npm package), after installing the tests' packages.
set -euo pipefail
cd "$(dirname "$0")/../tests"
case "$(uname -m)" in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
stamp=node_modules/.stamp
if ! cmp -s package.json "$stamp" 2>/dev/null; then
  npm install --no-audit --no-fund --no-save --ignore-scripts --loglevel=error >&2
  cp package.json "$stamp"
fi
realpath "node_modules/node-linux-$arch/bin/node"
