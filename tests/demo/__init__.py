"""The demo, played as a newcomer plays it."""
