"""The way to the broker and back. Only this package and each ``worker.py`` know nameko and eventlet."""

import warnings

# Known and accepted: eventlet stays at this edge until nameko's place is taken by another runner.
warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")
