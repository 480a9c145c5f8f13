"""The service levels that services promise, read once from `config/sla_classes.toml`."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from schemas.vocabulary import SlaClass

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """What a class promises; texts are by language.

    Attributes:
        availability_percent: per month, outside maintenance windows.
        restore: how soon a fault of the first priority is repaired.
        recovery_time_hours: how long a restoration may take (RTO).
        recovery_point_hours: how much work may be lost (RPO).
    """

    code: SlaClass
    names: Texts
    service_hours: Texts
    support_hours: Texts
    availability_percent: Decimal
    restore: Texts
    recovery_time_hours: int
    recovery_point_hours: int


@cache
def service_levels() -> MappingProxyType[SlaClass, ServiceLevel]:
    """Return every class, from basic to critical."""
    text = resources.files("config").joinpath("sla_classes.toml").read_text("utf-8")
    levels = (_level_of(one) for one in tomllib.loads(text)["classes"])
    return MappingProxyType({one.code: one for one in levels})


def _level_of(row: dict[str, Any]) -> ServiceLevel:
    values: dict[str, Any] = {
        **row,
        "code": SlaClass(row["code"]),
        "availability_percent": Decimal(row["availability_percent"]),
    }
    return ServiceLevel(**values)
