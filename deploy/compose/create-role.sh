#!/bin/bash
# Runs once, when PostgreSQL creates its data folder: a role without special rights, and a database that it owns.
set -euo pipefail
psql --no-psqlrc -v ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" \
  --set=password="$(cat /run/secrets/hallpass-password)" <<'SQL'
CREATE ROLE hallpass LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE hallpass OWNER hallpass ENCODING 'UTF8' TEMPLATE template0;
SQL
