#!/usr/bin/env bash
# promtool, for the tests of the alert rules; on Debian and its kin, as root.
set -euo pipefail
command -v promtool > /dev/null && exit 0
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus
