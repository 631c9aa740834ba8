"""Money back, as rules without I/O: what was charged, what is left, what is asked for (semantics C3)."""
