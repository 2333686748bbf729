"""The way out: which link a text takes, sending it, and what became of it.

Read `sending` first; `routing` chooses the link.
"""
