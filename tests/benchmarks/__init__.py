"""What Cesar does per second, measured beside its peers in the same run: ``python -m tests.benchmarks``.

Each module ``measure_...`` answers one question and can be run alone, ``--quick`` for a look at whether it
works. What is measured runs in processes of its own; private servers wait for the disk, as production does.
"""
