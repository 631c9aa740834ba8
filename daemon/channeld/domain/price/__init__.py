"""Prices on their way to Amazon: what is refused, what waits for a person, how each one stands."""
