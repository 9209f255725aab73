#!/bin/sh
# Dumps the databases of all services as they are at one instant: backup.sh FOLDER RELEASE SERVICE...
#
# For a moment nobody can record an event anywhere, because the outbox of every service is locked; in that moment
# every database is given a snapshot, and then everybody goes on. An event is recorded by its producer before
# anybody handles it, so whatever an inbox knows in these snapshots, the producer's outbox has. The dumps are read
# from the snapshots afterwards, for as long as they take.
set -eu
# What is in the dumps is nobody's business.
umask 077

this=$(readlink -f "$0")
# shellcheck source=deploy/files/data/databases.sh
. "$(dirname "$this")/databases.sh"

# How long who wants to record an event waits at most because of us, for each service; and how often we try.
lock_timeout=1s
attempts=60

wait_for() { # FILE...: wait until all are there, as long as the backup goes on
    for file in "$@"; do
        until [ -s "$file" ]; do
            if [ ! -d "$CESAR_BACKUP_MARKS" ] || [ -e "$CESAR_BACKUP_MARKS/failed" ]; then exit 1; fi
            sleep 0.02
        done
    done
}

dump() { # SERVICE: dump its database from a snapshot that is taken once the outboxes are locked
    marks=$CESAR_BACKUP_MARKS
    session "$1" <<SESSION || true
\\! exec sh '$this' --wait-for '$marks/locked' </dev/null
SET idle_in_transaction_session_timeout = 0;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT version_num FROM alembic_version \\g '$marks/$1.revision'
SELECT pg_export_snapshot() \\g '$marks/$1.snapshot'
\\! exec sh '$this' --dump-snapshot '$1' </dev/null
COMMIT;
SESSION
    if [ ! -e "$marks/$1.dumped" ]; then
        [ ! -d "$marks" ] || touch "$marks/failed"
        return 1
    fi
}

dump_snapshot() { # SERVICE
    pg_dump --format=custom --snapshot="$(cat "$CESAR_BACKUP_MARKS/$1.snapshot")" --no-owner --no-privileges \
        --exclude-schema=before_restore --file="$CESAR_BACKUP_FOLDER/$1.dump" --dbname="$(url_of "$1")"
    touch "$CESAR_BACKUP_MARKS/$1.dumped"
}

lock() { # SERVICE...: lock their outboxes, one session within the other; while all are locked, snapshots are taken
    if [ $# = 0 ]; then
        date -u +%Y-%m-%dT%H:%M:%SZ >"$CESAR_BACKUP_MARKS/locked"
        for service in $CESAR_BACKUP_SERVICES; do
            wait_for "$CESAR_BACKUP_MARKS/$service.snapshot"
        done
        return
    fi
    service=$1
    shift
    session "$service" <<SESSION
SET lock_timeout = '$lock_timeout';
BEGIN;
LOCK TABLE outbox IN SHARE MODE;
\\! exec sh '$this' --lock $* </dev/null
ROLLBACK;
SESSION
}

lock_all() { # try until it is done; who is recording a great deal is not made to wait for long
    until lock "$@" 2>"$CESAR_BACKUP_MARKS/refusal" && [ -e "$CESAR_BACKUP_MARKS/locked" ]; do
        attempts=$((attempts - 1))
        # SQLSTATE 55P03: the lock was not given in time.
        if [ $attempts = 0 ] || ! grep -q 55P03 "$CESAR_BACKUP_MARKS/refusal"; then
            cat "$CESAR_BACKUP_MARKS/refusal" >&2
            echo "The outboxes could not be locked for a moment: no backup was made." >&2
            exit 1
        fi
        sleep 0.5
    done
}

manifest() { # RELEASE SERVICE...
    printf '{\n  "format": 1,\n  "release": "%s",\n' "$1"
    printf '  "taken_at": "%s",\n  "databases": {' "$(cat "$CESAR_BACKUP_MARKS/locked")"
    shift
    comma=
    for service in "$@"; do
        dumped=$CESAR_BACKUP_FOLDER/$service.dump
        printf '%s\n    "%s": {"revision": "%s", "size": %s, "sha256": "%s"}' "$comma" "$service" \
            "$(cat "$CESAR_BACKUP_MARKS/$service.revision")" "$(stat -c %s "$dumped")" \
            "$(sha256sum "$dumped" | cut -d ' ' -f 1)"
        comma=,
    done
    printf '\n  }\n}\n'
}

end() { # let go of everything: the sessions that wait end when the marks are gone
    rm -rf "$CESAR_BACKUP_MARKS"
}

back_up() { # FOLDER RELEASE SERVICE...
    CESAR_BACKUP_FOLDER=$(readlink -f "$1") release=$2
    shift 2
    CESAR_BACKUP_SERVICES=$* CESAR_BACKUP_MARKS=$(mktemp -d)
    export CESAR_BACKUP_FOLDER CESAR_BACKUP_SERVICES CESAR_BACKUP_MARKS
    trap end EXIT
    trap 'exit 130' INT TERM HUP
    sessions=
    for service in "$@"; do
        url_of "$service" >/dev/null
        dump "$service" &
        sessions="$sessions $!"
    done
    lock_all "$@"
    for session in $sessions; do
        if ! wait "$session"; then
            echo "A database could not be dumped: no backup was made." >&2
            exit 1
        fi
    done
    manifest "$release" "$@" >"$CESAR_BACKUP_FOLDER/manifest.json"
}

case $1 in
    --wait-for) wait_for "$2" ;;
    --dump-snapshot) dump_snapshot "$2" ;;
    --lock) shift && lock "$@" ;;
    *) back_up "$@" ;;
esac
