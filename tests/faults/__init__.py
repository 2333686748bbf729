"""What happens when power, disk or process fail."""
