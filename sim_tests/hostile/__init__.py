"""Hostile trials: damaged files, foreign types, failing disks, signals and odd environments, each of which must end well.

`make hostile` runs them all, `test_hostile.py` a part. Every trial works in a folder of its own, a copy of parts of a prepared
house, and is judged by rules that know nothing of how the product reads its files.
"""
