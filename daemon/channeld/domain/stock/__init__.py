"""What Amazon is told to have in stock: from levels and limits to the value of a SKU, and its way there."""
