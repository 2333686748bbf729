"""Promises of a link over HTTP, the vendor's wire faked byte by byte."""
