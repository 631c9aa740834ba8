"""Stock that goes out by feeds: taken, carried, watched, ended."""
