"""Reports as data: types, states and moves, how often they are looked at, which may serve again."""
