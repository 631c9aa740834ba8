"""Proof by killing: `python -m tests.kills` ends real daemons with SIGKILL and compares what is left.

`run` kills, `scenario` says what goes on meanwhile and what must hold (orders come in: `orders`; they are
answered: `effects`, on a clock that is `hurried`), `moments` chooses when, `relay` writes down what was asked
of Amazon, `book` and `pages` look at what a dead daemon left, `truth` asks Amazon. With `--boundaries` no
process dies: see `tests.support.crashes`.
"""
