"""Stock goes out while everything may go wrong: what Amazon has in the end against an own calculation."""
