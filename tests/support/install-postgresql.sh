#!/usr/bin/env bash
# PostgreSQL with its client programs, for the tests of backups; on Debian and its kin, as root.
set -euo pipefail
compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null && exit 0
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql
