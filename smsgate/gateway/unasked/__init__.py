"""What the house does by itself: due notices, alarms, campaigns, a ledger put back.

Read `housekeeping` first, which has the others done.
"""
