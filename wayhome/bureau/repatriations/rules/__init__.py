"""What may be done on the way home of the dead: each part in a module of its own."""
