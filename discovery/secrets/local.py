"""The secrets of one machine, from whichever source has them."""

import os
from dataclasses import dataclass
from pathlib import Path

from discovery.errors import SecretMissingError
from discovery.secrets import Secret, SecretSource
from discovery.secrets.environment import EnvironmentSecrets
from discovery.secrets.file import FileSecrets


@dataclass(frozen=True, slots=True)
class FirstOf:
    """Asks several sources; the first that has a secret gives it."""

    sources: tuple[SecretSource, ...]

    def get(self, name: str) -> Secret:
        """Return the secret of this name.

        Raises:
            SecretMissingError: no source has it; the text is that of the last one.
        """
        for source in self.sources[:-1]:
            try:
                return source.get(name)
            except SecretMissingError:
                continue
        return self.sources[-1].get(name)


def secrets_here(file: Path) -> SecretSource:
    """Return the secrets of this machine: environment variables first, then the file."""
    return FirstOf((EnvironmentSecrets(os.environ), FileSecrets(file)))
