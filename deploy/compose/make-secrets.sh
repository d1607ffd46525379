#!/usr/bin/env bash
# Creates the secrets of compose.yaml in ./secrets, and a certificate for localhost that you replace by your own. Files
# that exist stay as they are.
set -euo pipefail
cd "${1:-$(dirname "$0")}"
mkdir -p secrets
# only you may enter the folder; in the containers, each file is read by the user of one service
chmod 700 secrets
cd secrets
umask 022

# the standard input becomes the file
create() {
  if [[ -e $1 ]]; then cat > /dev/null; else cat > "$1"; fi
}
openssl rand 32 | basenc --base64url | tr -d '=\n' | create master-key
openssl rand -hex 24 | create postgres-password
openssl rand -hex 24 | create hallpass-password
password=$(cat hallpass-password)
echo "postgres://hallpass:$password@pgbouncer:6432/hallpass" | create database-url
echo "postgres://hallpass:$password@postgres:5432/hallpass" | create database-direct-url
echo "\"hallpass\" \"$password\"" | create pgbouncer-users
if [[ ! -e tls-key.pem ]]; then
  openssl req -quiet -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost -keyout tls-key.pem -out tls-certificate.pem 2> /dev/null ||
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost \
      -addext subjectAltName=DNS:localhost -keyout tls-key.pem -out tls-certificate.pem 2> /dev/null
  chmod 644 tls-key.pem
fi
