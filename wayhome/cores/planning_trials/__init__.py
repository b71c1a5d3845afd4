"""Trials of the planning core: invented problems, and a checker that shares no code with it."""
