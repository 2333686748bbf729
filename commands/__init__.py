"""The members' language: the words of a text to a command, a reply to words.

A text comes in as a string and leaves as a `Reading` (`commands.parse`); what the
house decides comes in as a `Reply` and leaves as one segment in the member's language
(`commands.replies`). Pure functions: no I/O, no clock, no SQL. What a command *does*
is told in `smsgate.handlers`.
"""
