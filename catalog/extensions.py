"""The extensions of the app, made here and bound in `app.create_app`."""

from typing import Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from cmdb.kernel.db import Base

# Flask-SQLAlchemy lends its session only: with `model_class` it would copy our base class and lose
# its type map (pallets-eco/flask-sqlalchemy#1361).
_session_options: dict[str, Any] = {"expire_on_commit": False}
db = SQLAlchemy(metadata=Base.metadata, session_options=_session_options)
babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", strategy="fixed-window")
