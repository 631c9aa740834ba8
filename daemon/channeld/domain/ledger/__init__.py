"""Outbound effects as rules without I/O: kinds, states, tries, what each row holds (design, section 4)."""
