#!/usr/bin/env bash
# Installs a package on the Pi and puts the one before it back when the service does not come up. Usage: deploy.sh DEB
# DEPLOY_TARGET is user@host, DEPLOY_KEY a private key that may log in there, DEPLOY_HOST_KEY the host's line for
# known_hosts; the user may run apt-get, cp, mv and systemctl through sudo.
set -euo pipefail
: "${DEPLOY_TARGET:?}" "${DEPLOY_KEY:?}" "${DEPLOY_HOST_KEY:?}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
umask 077
printf '%s\n' "$DEPLOY_KEY" >"$folder/key"
printf '%s\n' "$DEPLOY_HOST_KEY" >"$folder/known_hosts"
options=(-i "$folder/key" -o UserKnownHostsFile="$folder/known_hosts" -o StrictHostKeyChecking=yes -o BatchMode=yes)
scp "${options[@]}" "$1" "$DEPLOY_TARGET:hearth-next.deb"
ssh "${options[@]}" "$DEPLOY_TARGET" bash -eu <<'THERE'
# Which folder and schema a rollback would need: config/INSTALL.md. Here only a version that does not even start is
# taken back, which has changed no schema, or made a copy that its log names.
sudo apt-get install -y -qq ./hearth-next.deb
for _ in $(seq 60); do
  if systemctl is-active -q hearth; then
    mv hearth-next.deb hearth-good.deb
    echo "hearth is up."
    exit 0
  fi
  sleep 2
done
systemctl status --no-pager -l hearth | tail -20 || true
if [ -e hearth-good.deb ]; then
  sudo apt-get install -y -qq --allow-downgrades ./hearth-good.deb
  sudo systemctl restart --no-block hearth
  echo "The version before is installed again."
fi
exit 1
THERE
