#!/bin/sh
# Prepares an empty server as its administrator: the register's user, who is no superuser and may not create roles, the
# role of public reads, and the database with PostGIS and the audit trail that the register cannot change.
# The image of the database runs it when its volume is empty.
set -eu
psql() { command psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" "$@"; }

psql --dbname postgres --set password="$REGISTER_PASSWORD" <<'SQL'
CREATE ROLE sensor_register LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE ROLE sensor_register_reader LOGIN NOINHERIT;
GRANT sensor_register_reader TO sensor_register;
CREATE DATABASE sensor_register OWNER sensor_register;
SQL
psql --dbname sensor_register --command 'CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public'
psql --dbname sensor_register --file "${AUDIT_SQL:-/register/audit.sql}"
