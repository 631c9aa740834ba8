"""The order book: domain and store in one unit of work, used by concerns and commands alike."""
