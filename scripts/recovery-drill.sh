#!/usr/bin/env bash
# Restores a backup into a scratch database, checks it with doctor, starts a server on it, and checks that tokens from
# before the restore are no longer valid. Nothing of the real database is used. docs/operations.md explains it.
#
#   HALLPASS_MASTER_KEY=… recovery-drill.sh BACKUP [URL of a new, empty PostgreSQL database]
#
# HALLPASS            the command, by default: hallpass
# DRILL_SECRET_KEY    a secret key of the backup with the scope tokens:introspect
# DRILL_TOKENS        tokens that were valid before the drill, separated by white space
set -euo pipefail

backup=$1
scratch=$(mktemp -d)
url=${2:-file:$scratch/drill.db}
server=
finish() {
  if [[ -n $server ]]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$scratch"
}
trap finish EXIT
fail() {
  echo "The drill failed: $1" >&2
  exit 1
}
read -ra hallpass <<<"${HALLPASS:-hallpass}"
backup=$(realpath "$backup")
cd "$scratch"
export HALLPASS_DATABASE_URL=$url HALLPASS_PUBLIC_URL=${HALLPASS_PUBLIC_URL:-https://drill.invalid}
began=$SECONDS

"${hallpass[@]}" restore "$backup" >restore.log 2>&1 || fail "restore: $(tail -1 restore.log)"
"${hallpass[@]}" doctor >doctor.log 2>&1 || fail "doctor: $(cat doctor.log)"
"${hallpass[@]}" serve --port 0 --profile sandbox --log-level silent >serve.log 2>&1 &
server=$!
for ((attempt = 0; attempt < 300; attempt++)); do
  address=$(sed -n 's/^hallpass listening on //p' serve.log)
  [[ -z $address ]] || break
  kill -0 "$server" 2>/dev/null || fail "serve: $(tail -1 serve.log)"
  sleep 0.1
done
[[ -n $address ]] || fail 'the server was not ready within 30 s'
curl --silent --fail "$address/health/ready" >/dev/null || fail 'the server is not ready'

checked=0
for token in ${DRILL_TOKENS:-}; do
  # from a file, because others can see the arguments of a process
  printf 'header = "Authorization: Bearer %s"\ndata-urlencode = "token=%s"\n' "$DRILL_SECRET_KEY" "$token" >request
  answer=$(curl --silent --config request "$address/oauth2/introspect")
  [[ $answer == '{"active":false}' ]] || fail 'a token from before the restore is still valid, or could not be checked'
  checked=$((checked + 1))
done
echo "The backup can be restored. It took $((SECONDS - began)) s; $checked tokens from before are no longer valid."
