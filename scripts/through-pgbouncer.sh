#!/usr/bin/env bash
# The PostgreSQL tests with every server behind PgBouncer: scripts/through-pgbouncer.sh session|transaction [files…]
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:?session or transaction}
case $mode in session | transaction) ;; *) echo "Unknown mode: $mode" >&2; exit 2 ;; esac
shift
tests/support/install-pgbouncer.sh
HALLPASS_TEST_POOLER=$mode exec npx vitest run --project postgres "$@"
