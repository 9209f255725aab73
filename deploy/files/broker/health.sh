#!/bin/bash
# Whether this node serves: it listens at the end of its start. A node that needs the others to start finds them by
# their names, which are known only while they are well: so one that has served before, and has been starting for a
# while, counts as well.
has_served=${CESAR_VOLUME:-/var/lib/rabbitmq}/has-served
patience=${CESAR_PATIENCE:-40}

if (: </dev/tcp/127.0.0.1/5672) 2>/dev/null; then
    touch "$has_served"
    exit 0
fi
if [ -e "$has_served" ] && [ $(($(date +%s) - $(stat --format=%Y /proc/1))) -gt "$patience" ]; then
    echo "It is still starting, and may be waiting for the other nodes."
    exit 0
fi
echo "It is starting."
exit 1
