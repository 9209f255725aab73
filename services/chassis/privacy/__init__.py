"""Personal data: what a service holds and why, and how it is handed out, erased and outlived.

A service declares it as data beside its tables (``data/personal_data.yaml``). The register of processing, the
copy that a person gets and what an erasure does all follow from that one declaration.
"""
