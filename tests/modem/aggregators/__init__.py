"""Promises of the vendors that are reached over HTTP."""
