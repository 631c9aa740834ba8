"""From what the store and the runtime know to rows on the wire."""
