"""Which collectors there are: our own, and those of packages that offer an entry point."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from discovery.collectors.base import Collector

ENTRY_POINT_GROUP = "haus.collectors"

# Named, not imported: a site that only reads directories never loads the SNMP engines.
_BUILT_IN = {
    "snmp": ("discovery.collectors.snmp.collector", "SnmpCollector"),
    "ldap": ("discovery.collectors.ldap.collector", "LdapCollector"),
    "ldif": ("discovery.collectors.ldif.collector", "LdifCollector"),
}


@cache
def get_collector(name: str) -> Collector:
    """Return the collector of this name.

    Raises:
        LookupError: there is none.
    """
    if name in _BUILT_IN:
        module, attribute = _BUILT_IN[name]
        return getattr(import_module(module), attribute)()
    for entry in entry_points(group=ENTRY_POINT_GROUP, name=name):
        return entry.load()()
    raise LookupError(f"There is no collector named {name!r}.")
