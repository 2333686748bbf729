"""What holds for any text, and a harness that looks for one where it fails."""
