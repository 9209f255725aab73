#!/bin/sh
# Starts the database on its volume, which it prepares the first time. Arguments are handed on to PostgreSQL.
# The administrator's password is the secret's, whenever it starts.
set -eu

files=${CESAR_FILES:-/cesar}
secrets=${CESAR_SECRETS:-/run/secrets}
volume=${CESAR_VOLUME:-/var/lib/postgresql/data}
cluster=$volume/cluster
umask 077

# Two servers on one volume would destroy what it holds: this one waits until another has ended.
exec 9>"$volume/lock"
if ! flock --timeout "${CESAR_PATIENCE:-90}" 9; then
    echo "Another container still uses this volume." >&2
    exit 1
fi

# A power cut in the middle leaves nothing that looks ready.
if [ ! -d "$cluster" ]; then
    rm -rf "$volume/unfinished"
    initdb --pgdata "$volume/unfinished" --username postgres --auth-local peer --auth-host scram-sha-256 \
        --pwfile "$secrets/database-password" --encoding UTF8 --locale C.UTF-8 --data-checksums --no-instructions
    mv "$volume/unfinished" "$cluster"
    sync
fi

made_by=$(cat "$cluster/PG_VERSION")
here=$(postgres --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
if [ "$made_by" != "$here" ]; then
    echo "The data is PostgreSQL $made_by's and this image has $here: back up with the old one, restore with this." >&2
    exit 1
fi

password=$(sed "s/'/''/g" "$secrets/database-password")
echo "ALTER ROLE postgres PASSWORD '$password'" | postgres --single -D "$cluster" postgres >/dev/null

exec postgres -D "$cluster" -c "config_file=$files/postgresql.conf" -c "hba_file=$files/pg_hba.conf" "$@"
