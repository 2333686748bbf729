"""Promises of the web server, asked from outside over real sockets."""
