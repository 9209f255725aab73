#!/bin/sh
# Makes a role and a database for each service, as the addresses that the services are given say, and keeps everybody
# else out of it. Repeating it changes passwords that are new and nothing else. Arguments are the services.
set -eu

secrets=${CESAR_SECRETS:-/run/secrets}
PGHOST=${CESAR_DATABASE_HOST:-database} PGUSER=postgres PGDATABASE=postgres PGAPPNAME=roles
PGPASSWORD=$(cat "$secrets/database-password")
word="[A-Za-z0-9._-]+"
export PGHOST PGUSER PGDATABASE PGAPPNAME PGPASSWORD

for service in "$@"; do
    url=$(cat "$secrets/database-$service")
    if ! echo "$url" | grep -Eqx "postgresql\+psycopg://$word:$word@$word/$word"; then
        echo "The secret database-$service has to be like postgresql+psycopg://$service:password@database/$service," \
            "of letters, digits and . _ -" >&2
        exit 1
    fi
    after_scheme=${url#*://}
    account=${after_scheme%%@*}
    role=${account%%:*}
    password=${account#*:}
    database=${after_scheme##*/}
    export role password database
    psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 <<'SQL'
\set role `echo "$role"`
\set password `echo "$password"`
\set database `echo "$database"`
SET client_min_messages = warning;
SELECT format('CREATE ROLE %I', :'role')
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'role')
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
SQL
    echo "$service: the role $role owns the database $database."
done
