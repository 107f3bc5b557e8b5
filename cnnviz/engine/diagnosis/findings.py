"""What a rule finds in a run: a sentence, the numbers that it rests on, and what to try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cnnviz.engine.diagnosis.remedies import Remedy

__all__ = ["TITLES", "Finding"]

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "not_a_number": "NaN or infinite",
        "exploding": "Exploding gradient",
        "vanishing": "Vanishing gradient",
        "dead": "Dead units",
        "saturated": "Saturated units",
        "rate_too_high": "Rate too high",
        "rate_too_low": "Rate too low",
        "overfitting": "Overfitting",
        "not_learning": "Not learning",
    }
)
"""Rule by its name, the most serious first."""


@dataclass(frozen=True)
class Finding:
    """What one rule found in a run.

    sentence: what is seen, why most likely, and what to try; evidence: the numbers it rests on, by name;
    layer: the number of the layer it is about, if of one; remedy: the change that a button applies.
    """

    rule: str
    sentence: str
    evidence: Mapping[str, float]
    layer: int | None = None
    remedy: Remedy = field(default_factory=Remedy)

    @property
    def title(self) -> str:
        """The rule's name for people."""
        return TITLES[self.rule]

    @property
    def change(self) -> Mapping[str, object]:
        """What to change in the settings: `config.changed(**finding.change)`."""
        return self.remedy.change
