"""Promises, kept by tests."""
