"""Proof that outbound work is neither lost nor done twice: `python -m tests.effects --runs 1000`.

Hypothesis makes up plans (`plans`): orders, what people do with them, what goes wrong at Amazon and on the
wire, and when the daemon dies. `play` carries one out on the fake clock, from what a death leaves on the disk
(`mortal`); `judge` compares the ledger with what really happened at Amazon, `told` reads the audit trail.
"""
