"""Campaigns and audiences, for staff.

Read `campaigns` first: each step of one, from the draft to the report.
"""
