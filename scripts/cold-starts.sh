#!/usr/bin/env bash
# Starts a built server again and again, each time on a new SQLite file, and counts the starts that fail:
# scripts/on-node.sh 24 scripts/cold-starts.sh 50
set -euo pipefail
starts=${1:-50}
command=$(cd "$(dirname "$0")/.." && pwd)/packages/cli/bin/hallpass.js
folder=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill -9 "$server" 2>/dev/null; rm -rf "$folder"' EXIT

failed=0
for i in $(seq "$starts"); do
  out=$folder/$i.out
  : >"$out"
  (cd "$folder" && exec node "$command" serve --port 0 --log-level error --database-url "file:$folder/$i.db") \
    >"$out" 2>"$folder/$i.err" &
  server=$!
  for _ in $(seq 600); do
    grep -q '^hallpass listening' "$out" && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  is_listening=yes
  grep -q '^hallpass listening' "$out" || is_listening=no
  kill -TERM "$server" 2>/dev/null || true
  code=0
  wait "$server" || code=$?
  server=
  if [[ $is_listening == no || $code != 0 ]]; then
    failed=$((failed + 1))
    echo "start $i: listening: $is_listening, exit code $code" >&2
    head -3 "$folder/$i.err" >&2
  fi
  rm -f "$folder/$i".*
done
echo "$(node --version): $failed of $starts starts failed"
[[ $failed == 0 ]]
