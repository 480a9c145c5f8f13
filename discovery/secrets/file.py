"""Secrets in a TOML file that only its owner can read; each table is one secret.

```toml
[core-switches]
kind = "snmp-user"
user = "haus"
auth_protocol = "sha256"
auth_password = "…"
privacy_protocol = "aes128"
privacy_password = "…"
```
"""

import stat
import tomllib
from pathlib import Path
from typing import Any

from discovery.errors import SecretMissingError
from discovery.secrets import Secret
from discovery.secrets.entries import read_entry

_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class FileSecrets:
    """Reads the file again when it has changed; refuses it when others may read it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed_at: tuple[int, int] | None = None
        self._entries: dict[str, Any] = {}
        self._secrets: dict[str, Secret] = {}

    def get(self, name: str) -> Secret:
        """Return the secret of this name."""
        self._refresh()
        # Every device of a range asks for the same few names.
        if name not in self._secrets:
            if name not in self._entries:
                raise SecretMissingError(f"The secrets file {self._path} has no entry {name!r}.")
            where = f"The entry {name!r} of the secrets file {self._path}"
            self._secrets[name] = read_entry(self._entries[name], where)
        return self._secrets[name]

    def _refresh(self) -> None:
        try:
            state = self._path.stat()
            if state.st_mode & _OPEN_TO_OTHERS:
                raise SecretMissingError(
                    f"The secrets file {self._path} may be read by others than its owner. "
                    f"Run: chmod 600 {self._path}"
                )
            changed_at = state.st_mtime_ns, state.st_ino
            if changed_at != self._changed_at:
                self._entries = tomllib.loads(self._path.read_text(encoding="utf-8"))
                self._secrets = {}
                self._changed_at = changed_at
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise SecretMissingError(
                f"The secrets file {self._path} cannot be read: {reason}."
            ) from None
        except tomllib.TOMLDecodeError:
            # The text of the parser could quote a value.
            raise SecretMissingError(f"The secrets file {self._path} is not TOML.") from None
