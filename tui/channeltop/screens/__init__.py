"""One page a file; a page hands parts of the model to its widgets."""
