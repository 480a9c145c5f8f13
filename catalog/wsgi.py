"""The entry for web servers: `flask --app catalog.wsgi`, `gunicorn catalog.wsgi:app`."""

import os
from pathlib import Path

from catalog.app import create_app
from config.logging import configure_logging
from config.settings import load

_file = os.environ.get("HAUS_CONFIG")
_settings = load(Path(_file) if _file else None, os.environ)
configure_logging(_settings.log_format, _settings.log_level)
app = create_app(_settings)
