"""Amazon's ways: authorization, budgets, one place that sends, operations and documents as data."""
