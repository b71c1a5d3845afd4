"""The plain versions of what the names core does fast: slow, short, and never in the product."""
