"""Any statistical method of the package, asked for by its name and given the kind of sample that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import Parameter, signature

from myosotis.analysis.samples import AnySample, kind_of_sample, parts_of
from myosotis.core.catalogue import nearest_names
from myosotis.errors import ProtocolError
from myosotis.language.declaring import check_declared
from myosotis.language.structure import Node
from myosotis.study.population import EVERYONE, Population

__all__ = ["NOT_ASKED", "Choice", "Estimate", "asked_methods", "options_of"]

# What an option of a method can be; a tuple is of numbers, such as the shares whose quantiles are asked for.
Choice = float | bool | str | tuple[float, ...]

# Methods that a protocol asks for in another way.
NOT_ASKED: Mapping[str, str] = {
    "friedman_pairwise": "compares pairs of visits after the test; ask for a change over visits",
    "kaplan_meier": "is a curve; ask for time_to_event, its median or the restricted mean",
    "observed_case": "says what becomes of missing values; ask for sensitivity",
    "complete_case": "says what becomes of missing values; ask for sensitivity",
    "non_responder": "says what becomes of missing values; ask for sensitivity, and an endpoint says what these count as",
    "last_observation": "says what becomes of missing values; ask for sensitivity",
    "worst_case": "says what becomes of missing values; ask for sensitivity",
    "best_case": "says what becomes of missing values; ask for sensitivity",
    "multiple_imputation": "fills missing values many times; ask for sensitivity",
    "rubin_pool": "pools estimates of imputed data; ask for sensitivity",
    "tipping_point": "shifts imputed values until the answer turns; ask for sensitivity",
    "adjust_p": "adjusts the p-values of other methods; a change over visits names its adjustment",
}


def asked_methods() -> tuple[str, ...]:
    """Name the methods that `Estimate` can be asked for."""
    from myosotis.statistics.methods import METHODS

    return tuple(name for name in METHODS if name not in NOT_ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Apply one method of `myosotis.statistics` (see docs/statistics.md) to a sample.

    `method` is its name, `sample` the kind that it takes, and `choices` its options by name, such as `zeros`; those left
    out stay as the method has them. `unit` is that of the numbers, and `decimals` how many the table prints.

    Raises `ProtocolError` for a method that there is not or that a protocol cannot ask for, a sample of another kind, and an
    option that the method does not take or allow.
    """

    key: str
    title: str
    method: str
    sample: AnySample
    choices: Mapping[str, Choice] = field(default_factory=dict)
    unit: str = ""
    decimals: int = 2
    population: Population = EVERYONE
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        from myosotis.statistics.methods import METHODS

        if self.method in NOT_ASKED:
            raise ProtocolError(f"Estimate {self.key!r}: {self.method} {NOT_ASKED[self.method]}")
        if self.method not in METHODS:
            raise ProtocolError(
                f"Estimate {self.key!r}: there is no method {self.method!r}; "
                f"{nearest_names(self.method, list(asked_methods()))}"
            )
        wanted, found = METHODS[self.method].sample, kind_of_sample(self.sample)
        if wanted != found:
            from myosotis.statistics import SAMPLES

            raise ProtocolError(
                f"Estimate {self.key!r}: {self.method} takes {SAMPLES[wanted]}, and was given {SAMPLES[found]}"
            )
        options = options_of(self.method)
        unknown = [name for name in self.choices if name not in options]
        if unknown:
            raise ProtocolError(
                f"Estimate {self.key!r}: {self.method} has no {unknown[0]!r}; {nearest_names(unknown[0], list(options))}"
            )
        lacking = [name for name, one in options.items() if one.default is one.empty and name not in self.choices]
        if lacking:
            raise ProtocolError(f"Estimate {self.key!r}: {self.method} needs {lacking[0]}; give it among choices")

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return {f"{self.key}: {name}": node for name, node in parts_of(self.sample).items()}


def options_of(method: str) -> dict[str, Parameter]:
    """Give what may be chosen: the parameters that are not the sample."""
    from myosotis import statistics

    taken = {
        "x", "count", "total", "before", "after", "table", "first", "second", "time", "event", "group", "curve", "events",
        "person_time", "counts", "person_times", "events_1", "person_time_1", "events_2", "person_time_2", "left", "right",
        "changes", "totals", "n", "n_visits", "responders", "evaluated", "missing",
    }  # fmt: skip
    return {name: one for name, one in signature(getattr(statistics, method)).parameters.items() if name not in taken}
