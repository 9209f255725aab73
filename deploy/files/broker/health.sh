#!/bin/bash
# Whether this node serves: it listens at the end of its start. A node that needs the others to start finds them
# by their names, which exist only when they are well; so one that has been starting for a while counts as well.
patience=${CESAR_PATIENCE:-40}
if (: </dev/tcp/127.0.0.1/5672) 2>/dev/null; then exit 0; fi
started=$(stat --format=%Y /proc/1)
if [ $(($(date +%s) - started)) -gt "$patience" ]; then
    echo "It is still starting, and may be waiting for the other nodes."
    exit 0
fi
echo "It is starting."
exit 1
