"""What Amazon shows of stock, and what that means for what it was told."""
