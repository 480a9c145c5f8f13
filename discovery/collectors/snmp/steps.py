"""Values that move all the time, told in steps so coarse that they rarely change.

A section is compared by its hash. A level told to the percent would make every printer and every
UPS a changed device at each run; told in steps it says as much to people and stays equal for days.
"""

from discovery.protocols.snmp.wire import Value

PERCENT = 100


def in_steps(value: Value, step: int, maximum: int) -> int | None:
    """Return the lower end of the step that a number lies in, None for what is out of range."""
    if not isinstance(value, int) or not 0 <= value <= maximum:
        return None
    return value - value % step
