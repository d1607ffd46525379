#!/usr/bin/env bash
# PgBouncer, for the tests through a pooler; on Debian and its kin, as root.
set -euo pipefail
command -v pgbouncer > /dev/null && exit 0
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends pgbouncer
