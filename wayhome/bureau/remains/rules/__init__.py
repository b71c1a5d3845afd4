"""What may be done with remains, and what follows: each part in a module of its own."""
