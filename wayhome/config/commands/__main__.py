"""`python -m wayhome.config.commands`: how the supervisor calls our own commands."""

from wayhome.config.commands import main

main()
