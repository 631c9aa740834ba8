"""One file a noun; each has its click command as `command`."""
