"""Settings of the server: the file, then HAUS_* variables, then the command line."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any, get_type_hints

PREFIX = "HAUS_"


class SettingsError(ValueError):
    """A setting is unknown or has the wrong form; the text names it and where it came from."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How one server runs; `defaults.toml` explains each setting."""

    data_directory: str
    database_url: str
    secrets_file: str
    directory_files: str
    host: str
    port: int
    is_secure: bool
    is_demo: bool
    web_threads: int
    discovery_workers: int
    tick_seconds: int
    lease_minutes: int
    notification_address: str
    notification_port: int
    session_idle_hours: int
    session_hours: int
    api_requests_per_minute: int
    log_format: str
    log_level: str

    @property
    def data_path(self) -> Path:
        """The data directory as a path."""
        return Path(self.data_directory).expanduser().resolve()

    @property
    def database(self) -> str:
        """The address of the database, SQLite in the data directory where none is set."""
        return self.database_url or f"sqlite:///{self.data_path / 'haus.db'}"

    @property
    def secrets_path(self) -> Path:
        """The file that holds the secrets of devices and directories."""
        return self._inside(self.secrets_file, "secrets.toml")

    @property
    def directory_path(self) -> Path:
        """The folder from which LDIF files may be read."""
        return self._inside(self.directory_files, "ldif")

    @property
    def key_path(self) -> Path:
        """The file that holds the key with which forms are signed."""
        return self.data_path / "session.key"

    def _inside(self, setting: str, default: str) -> Path:
        return Path(setting).expanduser().resolve() if setting else self.data_path / default


def load(
    path: Path | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> ServerSettings:
    """Return the settings from defaults, file, environment and command line, the later winning.

    Raises:
        SettingsError: a key is unknown, or a value has the wrong form.
    """
    defaults = resources.files("config").joinpath("defaults.toml").read_text("utf-8")
    values: dict[str, Any] = tomllib.loads(defaults)
    if path is not None:
        try:
            given = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{path}: {error}") from error
        values |= {name: _checked(name, value, str(path)) for name, value in given.items()}
    for variable, text in (environ or {}).items():
        if variable.startswith(PREFIX) and not variable.startswith(_NOT_SETTINGS):
            name = variable.removeprefix(PREFIX).lower()
            values[name] = _checked(name, _parsed(name, text, variable), variable)
    for name, value in (overrides or {}).items():
        if value is not None:
            values[name] = _checked(name, value, "the command line")
    return ServerSettings(**values)


_NOT_SETTINGS = ("HAUS_SECRET_", "HAUS_SKIP_ASSETS", "HAUS_CONFIG", "HAUS_KNOWLEDGE", "HAUS_TEST")
_TYPES: dict[str, type] = {
    name: kind
    for name, kind in get_type_hints(ServerSettings).items()
    if name in {field.name for field in fields(ServerSettings)}
}


def _checked(name: str, value: Any, origin: str) -> Any:
    kind = _TYPES.get(name)
    if kind is None:
        raise SettingsError(f"{origin}: there is no setting «{name}».")
    if type(value) is not kind:
        raise SettingsError(f"{origin}: «{name}» must be {kind.__name__}, not {value!r}.")
    return value


def _parsed(name: str, text: str, variable: str) -> Any:
    kind = _TYPES.get(name, str)
    try:
        if kind is bool:
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        return kind(text)
    except (ValueError, KeyError) as error:
        raise SettingsError(f"{variable}: {text!r} is not {kind.__name__}.") from error
