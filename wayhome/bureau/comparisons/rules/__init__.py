"""What families may give to find the dead, and what may be compared with what."""
