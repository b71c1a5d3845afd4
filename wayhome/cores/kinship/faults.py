"""What the kinship core raises instead of a number that it cannot stand for."""


class KinshipError(ValueError):
    """The core cannot compute this."""


class MalformedCase(KinshipError):
    """A case that means nothing, with the place of the fault and what was expected there.

    `place` is the way to it from the top of the file, as in `markers/3/freqs`.
    """

    def __init__(self, place: str, found: str, expected: str) -> None:
        self.place, self.found, self.expected = place, found, expected
        super().__init__(f"{place}: {found}; expected {expected}" if place else self.bare())

    def bare(self) -> str:
        """The fault without its place."""
        return f"{self.found}; expected {self.expected}"

    def under(self, place: str) -> "MalformedCase":
        """The same fault, seen from further up in the file."""
        return MalformedCase("/".join(filter(None, (place, self.place))), self.found, self.expected)


class TooLarge(KinshipError):
    """An exact answer would need more memory than the engine allows itself."""
