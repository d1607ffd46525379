#!/usr/bin/env bash
# Installs Firefox and WebKitGTK for `npm run test:browsers`, on Debian and Ubuntu.
set -euo pipefail
apt-get update -qq
apt-get install -y --no-install-recommends firefox-esr webkit2gtk-driver xvfb
