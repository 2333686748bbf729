"""`smsgate campaign` and `smsgate audience`.

Read `campaign` first.
"""
