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
from schemas.sentences.secrets import SecretSentence

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
                raise SecretMissingError(SecretSentence.UNKNOWN, path=str(self._path), name=name)
            self._secrets[name] = read_entry(self._entries[name], name, str(self._path))
        return self._secrets[name]

    def _refresh(self) -> None:
        try:
            state = self._path.stat()
            if state.st_mode & _OPEN_TO_OTHERS:
                raise SecretMissingError(SecretSentence.FILE_OPEN, path=str(self._path))
            changed_at = state.st_mtime_ns, state.st_ino
            if changed_at != self._changed_at:
                self._entries = tomllib.loads(self._path.read_text(encoding="utf-8"))
                self._secrets = {}
                self._changed_at = changed_at
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise SecretMissingError(
                SecretSentence.FILE_UNREADABLE, path=str(self._path), reason=reason or ""
            ) from None
        except tomllib.TOMLDecodeError:
            # The text of the parser could quote a value.
            raise SecretMissingError(SecretSentence.FILE_NO_TOML, path=str(self._path)) from None
