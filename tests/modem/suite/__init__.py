"""One suite over every driver: what the port of a link promises, whatever is behind."""
