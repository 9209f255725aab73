"""Files for those who watch an installation with Prometheus and Grafana.

``prometheus.yaml`` says where the processes answer, ``alerts.yaml`` when to wake somebody and what to do,
``machine-alerts.yaml`` the same for what Prometheus' own exporters know of machines and certificates.
``dashboard.json`` is drawn from ``panels.py``.
"""
