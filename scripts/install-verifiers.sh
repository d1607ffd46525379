#!/bin/sh
# Installs the libraries of Debian with which npm run test:verifiers verifies tokens. Needs root.
set -eu
apt-get update
apt-get install -y --no-install-recommends python3 python3-authlib python3-cryptography python3-jwcrypto python3-jwt \
  ruby ruby-jwt
