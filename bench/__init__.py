"""Figures: measured in one run, printed as ratios beside their goals."""
