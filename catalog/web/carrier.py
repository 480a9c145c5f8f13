"""Tells whoever carries out discovery in this process that there is something to do."""

from collections.abc import Callable
from typing import Final

from flask import Flask, current_app

_NAME: Final = "haus-wake-carrier"


def install_wake(app: Flask, wake: Callable[[], None]) -> None:
    """Remember how to wake the carrier that runs beside the pages."""
    app.extensions[_NAME] = wake


def wake_carrier() -> None:
    """Wake the carrier; without one in this process its next tick finds the work."""
    wake = current_app.extensions.get(_NAME)
    if wake is not None:
        wake()
