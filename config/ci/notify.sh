#!/usr/bin/env bash
# Says in a Discord channel how a run of the pipeline ended. Usage: notify.sh success|failure TEXT
# DISCORD_WEBHOOK is the channel's webhook URL, a secret: it stands in a file for curl, not on a command line. Without
# it nothing is said. A message that cannot be sent fails no run.
set -euo pipefail
[ -n "${DISCORD_WEBHOOK:-}" ] || { echo "No DISCORD_WEBHOOK: nobody is told."; exit 0; }
case "$1" in success) color=3066993 ;; *) color=15158332 ;; esac
quoted=$(printf '%s' "$2" | head -c 1500 | tr '\n\t' '  ' | tr -d '\000-\037' | sed 's/["\\]/\\&/g')
printf '{"allowed_mentions":{"parse":[]},"embeds":[{"title":"Hearth: %s","description":"%s","color":%d}]}' \
  "$1" "$quoted" "$color" |
  curl -fsS --max-time 20 -H 'Content-Type: application/json' --data-binary @- \
    --config <(printf 'url = "%s"\n' "$DISCORD_WEBHOOK") || echo "Discord could not be told."
