"""What a plan refers to and this server does not have: secrets, files, addresses of host names."""

import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Final

from flask import current_app
from flask_babel import gettext

from catalog.ldif_folder import is_inside
from catalog.telling import sentence_of
from cmdb.plans.models import Plan
from cmdb.plans.targets import is_host_name
from config.settings import ServerSettings
from discovery.errors import SecretMissingError
from discovery.secrets.local import secrets_here
from schemas.messages import say
from schemas.sentences.run import RunSentence
from schemas.vocabulary import Protocol

MAX_NAMES: Final = 20
SECONDS: Final = 3.0
"""So long a page waits for the name server; a name that takes longer is not complained about."""


def settings_here() -> ServerSettings:
    """Return the settings of this server."""
    return current_app.config["HAUS"]


def warnings_of(plan: Plan) -> list[str]:
    """Return what a plan names that is not to be had here, in the reader's language."""
    return [*_secrets(plan.credentials), *_files(plan)]


def unresolved_names(plan: Plan) -> list[str]:
    """Return a sentence for each host name of a plan that has no address, as seen from here."""
    if plan.protocol is not Protocol.SNMP:
        return []
    names = [one for one in plan.targets if is_host_name(one)][:MAX_NAMES]
    return [sentence_of(say(RunSentence.NO_ADDRESS, host=one)) for one in _without_address(names)]


def _without_address(names: list[str]) -> list[str]:
    if not names:
        return []
    pool = ThreadPoolExecutor(max_workers=len(names))
    asked = {name: pool.submit(_has_address, name) for name in names}
    done, _ = wait(asked.values(), timeout=SECONDS)
    # A name server that does not answer must not hold the page.
    pool.shutdown(wait=False, cancel_futures=True)
    return [name for name, one in asked.items() if one in done and not one.result()]


def _has_address(name: str) -> bool:
    try:
        return bool(socket.getaddrinfo(name, None, type=socket.SOCK_DGRAM))
    except (OSError, UnicodeError):
        return False


def _secrets(names: Iterable[str]) -> Iterable[str]:
    source = secrets_here(settings_here().secrets_path)
    for name in names:
        try:
            source.get(name)
        except SecretMissingError as error:
            yield " ".join(sentence_of(one) for one in error.messages)


def _files(plan: Plan) -> Iterable[str]:
    if plan.protocol is not Protocol.LDIF:
        return
    folder = settings_here().directory_path
    for name in plan.targets:
        if not is_inside(name, folder):
            yield gettext("There is no file «%(file)s» in the folder of this server.", file=name)
