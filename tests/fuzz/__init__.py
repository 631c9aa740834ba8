"""Hostile input from outside: generators and the rules that every answer keeps.

A short run is part of the tests; `python -m tests.fuzz socket --seconds N` and `python -m tests.fuzz amazon
--seconds N` go on for longer.
"""
