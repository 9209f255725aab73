#!/bin/sh
# Puts the databases of all services back to a backup: restore.sh WHAT SERVICE...
#
#   from FOLDER  what is there, tables and the functions of their triggers, is set aside in the schema before_restore,
#                and the dumps of the folder take its place, in all databases or in none
#   undo         what was set aside takes its place again
#   forget       what was set aside is deleted
#   expect-nothing-kept, expect-something-kept
#                nothing, or an exit code of 1 and a sentence when it is otherwise
#
# Nobody may work with the databases meanwhile. It needs no account but those of the databases' owners.
set -eu

# shellcheck source=deploy/files/data/databases.sh
. "$(dirname "$(readlink -f "$0")")/databases.sh"

is_set_aside() { # SERVICE
    found=$(echo "SELECT 1 FROM pg_namespace WHERE nspname = 'before_restore'" | session "$1") || exit 1
    [ "$found" = 1 ]
}

for_each() { # SQL THAT GIVES NAMES, STATEMENT: SQL that runs the statement for each; %s is the name
    cat <<SQL
DO \$do\$
DECLARE name text;
BEGIN
    FOR name IN $1 LOOP
        EXECUTE format('$2', name);
    END LOOP;
END
\$do\$;
SQL
}

for_each_table() { # SCHEMA STATEMENT: for each of our tables there
    for_each "SELECT format('%I', tablename) FROM pg_tables
        WHERE schemaname = '$1' AND tableowner = current_user" "$2"
}

for_each_function() { # SCHEMA STATEMENT: for each of our functions there
    for_each "SELECT format('%I(%s)', proname, pg_get_function_identity_arguments(oid)) FROM pg_proc
        WHERE pronamespace = '$1'::regnamespace AND proowner = current_user::regrole" "$2"
}

change() { # SERVICE: run the SQL on standard input in one transaction; what is still in use is not waited for
    { echo "SET client_min_messages = warning; SET lock_timeout = '10s';" && cat; } | session "$1" --single-transaction
}

set_aside() { # SERVICE
    {
        echo "CREATE SCHEMA before_restore;"
        for_each_table public "ALTER TABLE public.%s SET SCHEMA before_restore"
        for_each_function public "ALTER FUNCTION public.%s SET SCHEMA before_restore"
    } | change "$1"
}

load() { # FOLDER SERVICE
    pg_restore --single-transaction --exit-on-error --no-owner --no-privileges \
        --dbname="$(url_of "$2")" "$1/$2.dump"
}

undo() { # SERVICE
    {
        for_each_table public "DROP TABLE public.%s CASCADE"
        for_each_function public "DROP FUNCTION public.%s CASCADE"
        for_each_table before_restore "ALTER TABLE before_restore.%s SET SCHEMA public"
        for_each_function before_restore "ALTER FUNCTION before_restore.%s SET SCHEMA public"
        echo "DROP SCHEMA before_restore;"
    } | change "$1"
}

forget() { # SERVICE
    echo "DROP SCHEMA before_restore CASCADE;" | change "$1"
}

kept() { # SERVICE...: those that still have what was there before an earlier restore
    for service in "$@"; do
        if is_set_aside "$service"; then echo "$service"; fi
    done
}

expect_nothing_kept() { # SERVICE...
    kept=$(kept "$@")
    if [ -n "$kept" ]; then
        echo "What was there before an earlier restore is still kept: undo that restore or forget it first." >&2
        exit 1
    fi
}

expect_something_kept() { # SERVICE...
    kept=$(kept "$@")
    if [ -z "$kept" ]; then
        echo "Nothing is kept from before a restore." >&2
        exit 1
    fi
}

restore() { # FOLDER SERVICE...
    folder=$1
    shift
    expect_nothing_kept "$@"
    for service in "$@"; do
        if ! { set_aside "$service" && load "$folder" "$service"; }; then
            kept=$(kept "$@")
            for changed in $kept; do undo "$changed"; done
            echo "The database of $service could not be restored: all are as they were." >&2
            exit 1
        fi
    done
}

what=$1
shift
case $what in
    expect-nothing-kept) expect_nothing_kept "$@" ;;
    expect-something-kept) expect_something_kept "$@" ;;
    from) restore "$@" ;;
    undo | forget)
        expect_something_kept "$@"
        for service in $kept; do "$what" "$service"; done
        ;;
    *) echo "restore.sh does from, undo, forget, or expects something, not: $what" >&2 && exit 2 ;;
esac
