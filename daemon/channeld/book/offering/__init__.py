"""What Amazon is to be told of each seller SKU's stock: computed, sent, and read back."""
