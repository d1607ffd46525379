#!/bin/sh
# Installs the libraries and gateways of Debian with which npm run test:verifiers verifies tokens. Needs root.
set -eu
apt-get update
# the services that these packages bring don't start
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod +x /usr/sbin/policy-rc.d
trap 'rm -f /usr/sbin/policy-rc.d' EXIT
apt-get install -y --no-install-recommends apache2 default-jdk-headless golang-github-golang-jwt-jwt-dev golang-go \
  haproxy libapache2-mod-auth-openidc libgoogle-gson-java libnginx-mod-http-js nginx openssl php-cli php-curl python3 python3-authlib \
  python3-cryptography python3-jwcrypto python3-jwt ruby ruby-jwt
