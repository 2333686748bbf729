"""Members and staff: who they are, and what takes two persons.

Read `members` first.
"""
