"""Journeys: what they are made of, when a plan may be published, what a journey needs."""
