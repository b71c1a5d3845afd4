"""What the planning core raises instead of a plan that it cannot stand for."""


class PlanningError(ValueError):
    """The core cannot plan this."""


class MalformedProblem(PlanningError):
    """A file that means nothing, with the place of the fault and what was expected there.

    `place` is the way to it from the top of the file, as in `families/3/since`.
    """

    def __init__(self, place: str, found: str, expected: str) -> None:
        self.place, self.found, self.expected = place, found, expected
        told = f"{found}; expected {expected}"
        super().__init__(f"{place}: {told}" if place else told)
