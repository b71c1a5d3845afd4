"""How remains get a name: lines of evidence, and the board that decides."""
