"""Whose fault is a refused answer: the sentence's, or an engine's that fails at random?

A sentence that an engine cannot translate is refused whenever it is asked, while the sentences around it
pass: of real answers, fewer than 1 in 2,000 are blocked. An engine that is overloaded or broken spoils a
part of whatever it is asked, and the same sentence passes the next time. Such answers say nothing about
their sentences; were they counted, chance alone would hold one sentence in a hundred (a fault of 10 % that
comes three times) until a person lets it go.

An engine that spoils *everything* is not excused: it does so again tomorrow, and would be paid for it.
"""

from dataclasses import dataclass

JUDGED, REFUSED = 20, 5  # answers of this cycle; fewer prove nothing
SUSPECTED = 2  # refused answers; no proof, but reason enough to ask once more than usual
FAILING, HOPELESS = 0.1, 0.9  # shares refused: from where on, and up to where, it is the engine's fault


@dataclass(slots=True)
class Soundness:
    """What the checks said of one engine's answers in this cycle."""

    judged: int = 0
    refused: int = 0

    def count(self, *, refused: bool) -> None:
        """Note what became of an answer."""
        self.judged += 1
        self.refused += refused

    @property
    def excuses(self) -> bool:
        """Whether an answer that is refused now is the engine's fault, not its sentence's."""
        if self.judged < JUDGED or self.refused < REFUSED:
            return False
        return FAILING <= self.refused / self.judged <= HOPELESS

    @property
    def suspect(self) -> bool:
        """Whether so much was refused that a doubtful answer is no more to be believed for coming twice."""
        return self.refused >= SUSPECTED and self.refused >= FAILING * self.judged
