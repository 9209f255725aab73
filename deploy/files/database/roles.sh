#!/bin/sh
# Makes a database for each service, which a role of the service's name owns, and the account that the service's
# address names; keeps everybody else out. Repeating it changes only what is new. Arguments are the services.
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
    export service role password database
    psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 <<'SQL'
\set owner `echo "$service"`
\set role `echo "$role"`
\set password `echo "$password"`
\set database `echo "$database"`
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I', name) FROM (VALUES (:'owner'), (:'role')) AS wanted (name)
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) GROUP BY name \gexec
ALTER ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password' VALID UNTIL 'infinity';

-- Whoever signs in acts as the owner, so that what is made with one account is there for the next.
SELECT format('GRANT %I TO %I', :'owner', :'role') WHERE :'role' <> :'owner' \gexec
SELECT format('ALTER ROLE %I SET role TO %I', :'role', :'owner') WHERE :'role' <> :'owner' \gexec

-- The account of an address that was replaced works for one day more, for what still runs with it.
SELECT format('ALTER ROLE %I VALID UNTIL %L', rolname, now() + interval '1 day') FROM pg_roles
    WHERE rolname <> :'role' AND rolcanlogin AND NOT rolsuper AND pg_has_role(oid, :'owner', 'MEMBER')
        AND coalesce(rolvaliduntil, 'infinity') = 'infinity' \gexec

SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'owner')
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
SQL
    echo "$service: the account $role works with the database $database."
done
