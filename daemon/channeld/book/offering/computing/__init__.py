"""What Amazon is to be told of each SKU: worked out by a page of SKUs, when something has changed."""
