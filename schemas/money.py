"""Money on the wire: a text with two decimals, never a binary fraction."""

from decimal import Decimal
from typing import Any

from marshmallow import fields

RAPPEN = Decimal("0.01")
LARGEST = Decimal(100_000_000)
MAX_CHARACTERS = 32


class MoneyField(fields.Decimal):
    """An amount of Swiss francs, such as `"128.00"`; at most two decimals, zero or more."""

    default_error_messages = {  # noqa: RUF012 — marshmallow's own name and form
        "text": 'Write the amount as text, such as "128.00".',
        "decimals": "An amount has at most two decimals.",
        "range": "An amount is zero or more and less than a hundred million.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(as_string=True, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        if not isinstance(value, str) or len(value) > MAX_CHARACTERS:
            raise self.make_error("text")
        amount = super()._deserialize(value, attr, data, **kwargs)
        if not 0 <= amount < LARGEST:
            raise self.make_error("range")
        if amount != amount.quantize(RAPPEN):
            raise self.make_error("decimals")
        return amount

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        del attr, obj, kwargs
        return None if value is None else f"{value:.2f}"
