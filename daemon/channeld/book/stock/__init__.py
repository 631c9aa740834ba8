"""Stock: what the seller has, what orders reserve of it, and what leaves with them."""
