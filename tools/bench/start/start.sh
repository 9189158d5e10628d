#!/usr/bin/env bash
# From the start of the process to the first answered interaction, one guild, beside the peers.
# Usage: tools/bench/start/start.sh [options of tools/bench/gateway/gateway.py]
set -euo pipefail
exec "$(dirname "$0")/../gateway/gateway.py" --rows start "$@"
