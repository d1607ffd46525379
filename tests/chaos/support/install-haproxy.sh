#!/usr/bin/env bash
# HAProxy, for the chaos tests only; on Debian and its kin, as root.
set -euo pipefail
command -v haproxy > /dev/null && exit 0
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends haproxy
