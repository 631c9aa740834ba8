"""Answers to an order: `channelctl order process`, `cancel`, `refund`, and the board of what is due."""
