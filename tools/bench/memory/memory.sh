#!/usr/bin/env bash
# Resident memory, idle, with 1 and 1000 guilds, and growth under flood, beside the peers.
# Usage: tools/bench/memory/memory.sh [options of tools/bench/gateway/gateway.py]
set -euo pipefail
exec "$(dirname "$0")/../gateway/gateway.py" --rows events --rows many "$@"
