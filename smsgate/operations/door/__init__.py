"""How an operation is asked for: over the daemon's socket, or alone under the lock.

Read `socket` for the daemon's side and `asking` for the shell's.
"""
