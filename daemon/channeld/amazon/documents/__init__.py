"""Documents at Amazon's storage: where they are, and reading them whole or as they come."""
