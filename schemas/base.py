"""What every wire schema shares: unknown fields are errors and times are aware UTC."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields


class WireSchema(Schema):
    """A schema that refuses what it does not know."""

    class Meta:
        """Unknown fields are errors: a typing mistake must not pass silently."""

        unknown = RAISE


class UtcDateTimeField(fields.AwareDateTime):
    """An aware datetime, UTC inside, ISO 8601 with an offset outside."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except OverflowError as error:
            # Midnight of the first day of all, somewhere east of Greenwich.
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error


def first_message(error: ValidationError) -> str:
    """Return the first complaint of a validation error with the path that leads to it."""
    path: list[str] = []
    node: Any = error.messages
    while isinstance(node, dict) and node:
        key, node = next(iter(node.items()))
        path.append(str(key))
    text = node[0] if isinstance(node, list) and node else node
    return f"{'.'.join(path)}: {text}" if path else str(text)
