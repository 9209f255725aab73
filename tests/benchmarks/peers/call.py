"""Callers of one page: python -m tests.benchmarks.peers.call URL CALLERS SECONDS.

Prints JSON: {"requests": …, "seconds": …, "median_ms": …}. Any answer but 200 ends it.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import threading
import time
from urllib.parse import urlsplit


def main() -> None:
    url, callers, seconds = urlsplit(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    taken: list[float] = []
    begun = time.monotonic()

    def call() -> None:
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=30)
        while (asked := time.monotonic()) < begun + seconds:
            connection.request("GET", url.path)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            taken.append(time.monotonic() - asked)

    threads = [threading.Thread(target=call) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result = {
        "requests": len(taken),
        "seconds": time.monotonic() - begun,
        "median_ms": statistics.median(taken) * 1000,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
