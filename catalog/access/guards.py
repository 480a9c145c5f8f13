"""The mark that every page and every resource carries: which permission it asks for.

The edges refuse whatever has no mark. Nothing here knows the web framework: a mark is an attribute
of the function, which decorators keep when they copy the function's attributes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

MARK: Final = "haus_guard"


@dataclass(frozen=True, slots=True)
class Guard:
    """What must be true before a function is called.

    Attributes:
        permission: what the viewer must hold for at least one partner, None for no permission.
        is_public: whether nobody needs to sign in.
        reason: why no permission is asked for.
        allows_session: whether the REST interface takes the session of a browser, for reading.
    """

    permission: str | None = None
    is_public: bool = False
    reason: str = ""
    allows_session: bool = False


def guarded(permission: str) -> Callable[[Function], Function]:
    """Ask for a permission for any partner; queries and commands look at which partner."""
    return _marker(Guard(permission=permission))


def personal(reason: str, *, allows_session: bool = False) -> Callable[[Function], Function]:
    """Let in whoever is signed in; the reason says why no permission is needed."""
    return _marker(Guard(reason=reason, allows_session=allows_session))


def public(reason: str) -> Callable[[Function], Function]:
    """Let in everybody; the reason says why that does no harm."""
    return _marker(Guard(is_public=True, reason=reason))


def guard_of(view: Any, method: str) -> Guard | None:
    """Return the mark of a view function, or of a view class's function for this HTTP method.

    A question about the methods themselves (OPTIONS) is answered to whoever may use one of them.
    """
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        return getattr(view, MARK, None)
    name = "get" if method == "HEAD" and not hasattr(view_class, "head") else method.lower()
    if method == "OPTIONS" and not hasattr(view_class, "options"):
        name = min(one.lower() for one in view_class.methods)
    return getattr(getattr(view_class, name, None), MARK, None)


def _marker(guard: Guard) -> Callable[[Function], Function]:
    def mark(function: Function) -> Function:
        setattr(function, MARK, guard)
        return function

    return mark
