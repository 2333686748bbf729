"""Texts and the links they take: looked at, tried, sent or read once more.

Read `outbox` and `links` first.
"""
