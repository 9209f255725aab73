#!/bin/sh
# Starts one node of the broker on its volume. CESAR_BROKER_NODES are the host names of all of them;
# CESAR_MEMORY is what this container may use, in bytes. The account and the virtual host are those of the
# address that the services are given, and are brought up to date whenever a node starts.
set -eu

files=${CESAR_FILES:-/cesar}
secrets=${CESAR_SECRETS:-/run/secrets}
home=${CESAR_VOLUME:-/var/lib/rabbitmq}
made=$(mktemp -d)
umask 077

# Two servers on one volume would destroy what it holds: this one waits until another has ended.
exec 9>"$home/lock"
if ! flock --timeout "${CESAR_PATIENCE:-90}" 9; then
    echo "Another container still uses this volume." >&2
    exit 1
fi

uri=$(cat "$secrets/broker-uri")
word="[A-Za-z0-9._-]+"
if ! echo "$uri" | grep -Eqx "amqp://$word:$word@$word/$word"; then
    echo "The secret broker-uri has to be like amqp://cesar:password@broker/cesar, of letters, digits and . _ -" >&2
    exit 1
fi
after_scheme=${uri#amqp://}
account=${after_scheme%%@*}
user=${account%%:*}
password=${account#*:}
vhost=${after_scheme#*/}

# A node that has never served joins those that are well, whose names alone are known. The first one may be alone: it
# makes the cluster. Any other one would make a second cluster, so it waits.
host=${CESAR_BROKER_HOST:-$(hostname)}
first=${CESAR_BROKER_NODES%% *}
found=""
if [ ! -e "$home/has-served" ]; then
    for node in $CESAR_BROKER_NODES; do
        if [ "$node" != "$host" ] && timeout 5 getent hosts "$node" >/dev/null; then found="$found $node"; fi
    done
    if [ -z "$found" ] && [ "$host" != "$first" ]; then
        echo "This node is new and finds no other one to join; it waits for $first." >&2
        exit 1
    fi
fi

cat >"$made/definitions.json" <<JSON
{
  "vhosts": [{"name": "$vhost"}],
  "users": [{"name": "$user", "password": "$password", "tags": ""}],
  "permissions": [{"user": "$user", "vhost": "$vhost", "configure": ".*", "write": ".*", "read": ".*"}]
}
JSON

{
    cat "$files/rabbitmq.conf"
    echo "load_definitions = $made/definitions.json"
    echo "total_memory_available_override_value = $CESAR_MEMORY"
    number=0
    for node in $host $found; do
        number=$((number + 1))
        echo "cluster_formation.classic_config.nodes.$number = rabbit@$node"
    done
} >"$made/rabbitmq.conf"
echo "[]." >"$made/enabled_plugins"

rm -f "$home/.erlang.cookie"
cp "$secrets/broker-cookie" "$home/.erlang.cookie"
chmod 400 "$home/.erlang.cookie"

export HOME="$home" LC_ALL=C.UTF-8
export RABBITMQ_NODENAME="rabbit@$host"
export RABBITMQ_CONFIG_FILE="$made/rabbitmq.conf" RABBITMQ_CONF_ENV_FILE=/dev/null
export RABBITMQ_ENABLED_PLUGINS_FILE="$made/enabled_plugins"
export RABBITMQ_MNESIA_BASE="$home/mnesia" RABBITMQ_LOG_BASE="$made" RABBITMQ_LOGS=-
export RABBITMQ_PID_FILE="$made/pid"
# Waiting busily for work would take a whole core from those that have some.
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+sbwt none +sbwtdcpu none +sbwtdio none ${CESAR_ERLANG_OPTIONS:-}"
# A node that joins takes its part of the queues that are there already, as soon as it serves.
take_part() {
    until rabbitmqctl --quiet await_startup; do sleep 2; done
    rabbitmq-queues --quiet grow "$RABBITMQ_NODENAME" all
}
if [ -n "$found" ]; then (take_part >/dev/null 2>&1 9>&- &); fi
# The account of an address that was replaced works for one day more, for what still runs with it.
forget_others() {
    sleep "${CESAR_GRACE:-86400}"
    until rabbitmqctl --quiet await_startup; do sleep 2; done
    for other in $(rabbitmqctl --quiet list_users --no-table-headers | cut -f 1); do
        if [ "$other" != "$user" ]; then rabbitmqctl --quiet delete_user "$other"; fi
    done
}
(forget_others >/dev/null 2>&1 9>&- &)

# Become the Erlang machine, leaving no shell in between that signals would not pass.
export RUNNING_UNDER_SYSTEMD=true
# It looks for its other parts beside itself, and what is on the path may be a link.
exec "$(readlink -f "$(command -v rabbitmq-server)")"
