"""Secrets in environment variables, for containers: `HAUS_SECRET_<NAME>_<KEY>`.

The name is upper case with `_` for every other character: the secret `snmp-ebikon` is read from
`HAUS_SECRET_SNMP_EBIKON_KIND`, `HAUS_SECRET_SNMP_EBIKON_COMMUNITY` and so on.
"""

import re
from collections.abc import Mapping

from discovery.errors import SecretMissingError
from discovery.secrets import Secret
from discovery.secrets.entries import read_entry
from schemas.sentences.secrets import SecretSentence

PREFIX = "HAUS_SECRET_"


class EnvironmentSecrets:
    """Reads secrets from the variables it was given."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def get(self, name: str) -> Secret:
        """Return the secret of this name."""
        prefix = f"{PREFIX}{re.sub('[^A-Z0-9]', '_', name.upper())}_"
        entry = {
            key.removeprefix(prefix).lower(): value
            for key, value in self._variables.items()
            if key.startswith(prefix)
        }
        if not entry:
            raise SecretMissingError(SecretSentence.NO_VARIABLES, prefix=prefix)
        return read_entry(entry, name, f"{prefix}…")
