#!/bin/sh
# Puts the databases of all services back to a backup: restore.sh from FOLDER | undo | forget, then SERVICE...
#
#   from FOLDER  the tables that are there are set aside in the schema before_restore, and the dumps of the folder
#                take their place, in all databases or in none
#   undo         the tables that were set aside take their place again
#   forget       the tables that were set aside are deleted
#
# Nobody may work with the databases meanwhile. It needs no account but those of the databases' owners.
set -eu

# shellcheck source=deploy/files/data/databases.sh
. "$(dirname "$(readlink -f "$0")")/databases.sh"

is_set_aside() { # SERVICE
    [ "$(echo "SELECT 1 FROM pg_namespace WHERE nspname = 'before_restore'" | session "$1")" = 1 ]
}

for_each_table() { # SCHEMA STATEMENT: SQL that runs the statement for each of our tables there; %I is the table
    cat <<SQL
DO \$do\$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '$1' AND tableowner = current_user LOOP
        EXECUTE format('$2', name);
    END LOOP;
END
\$do\$;
SQL
}

change() { # SERVICE: run the SQL on standard input in one transaction; what is still in use is not waited for
    { echo "SET client_min_messages = warning; SET lock_timeout = '10s';" && cat; } | session "$1" --single-transaction
}

set_aside() { # SERVICE
    {
        echo "CREATE SCHEMA before_restore;"
        for_each_table public "ALTER TABLE public.%I SET SCHEMA before_restore"
    } | change "$1"
}

load() { # FOLDER SERVICE
    pg_restore --single-transaction --exit-on-error --no-owner --no-privileges \
        --dbname="$(url_of "$2")" "$1/$2.dump"
}

undo() { # SERVICE
    {
        for_each_table public "DROP TABLE public.%I CASCADE"
        for_each_table before_restore "ALTER TABLE before_restore.%I SET SCHEMA public"
        echo "DROP SCHEMA before_restore;"
    } | change "$1"
}

forget() { # SERVICE
    echo "DROP SCHEMA before_restore CASCADE;" | change "$1"
}

restore() { # FOLDER SERVICE...
    folder=$1
    shift
    for service in "$@"; do
        if is_set_aside "$service"; then
            echo "What was there before an earlier restore is still kept: undo that restore or forget it first." >&2
            exit 1
        fi
    done
    for service in "$@"; do
        if ! { set_aside "$service" && load "$folder" "$service"; }; then
            for changed in "$@"; do
                if is_set_aside "$changed"; then undo "$changed"; fi
            done
            echo "The database of $service could not be restored: all are as they were." >&2
            exit 1
        fi
    done
}

settle() { # undo or forget, then SERVICE...: in each database that has something set aside
    what=$1 found=
    shift
    for service in "$@"; do
        if is_set_aside "$service"; then
            "$what" "$service"
            found=yes
        fi
    done
    if [ -z "$found" ]; then
        echo "Nothing is kept from before a restore." >&2
        exit 1
    fi
}

what=$1
shift
case $what in
    from) restore "$@" ;;
    undo | forget) settle "$what" "$@" ;;
    *) echo "restore.sh does from, undo or forget, not “$what”." >&2 && exit 2 ;;
esac
