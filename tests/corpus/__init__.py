"""Texts as members write them, and what each of them means."""
