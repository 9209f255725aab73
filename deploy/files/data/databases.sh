# shellcheck shell=sh
# What backup.sh and restore.sh share: how a service's database is reached.
#
# CESAR_<SERVICE>_DATABASE_URL says where it is, or the file that CESAR_<SERVICE>_DATABASE_URL_FILE names.

url_of() { # SERVICE: the address as PostgreSQL's own programs understand it
    name=CESAR_$(echo "$1" | tr '[:lower:]' '[:upper:]')_DATABASE_URL
    eval "url=\${$name:-} file=\${${name}_FILE:-}"
    [ -z "$file" ] || url=$(cat "$file")
    if [ -z "$url" ]; then
        echo "$name is not set." >&2
        exit 1
    fi
    case $url in
        postgresql+psycopg:*) url=postgresql:${url#postgresql+psycopg:} ;;
    esac
    echo "$url"
}

session() { # SERVICE [OPTION...]: run the script on standard input in one session of the service's database
    url=$(url_of "$1")
    shift
    psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 --set VERBOSITY=verbose "$@" --dbname="$url"
}
