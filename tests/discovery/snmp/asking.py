"""Short ways for tests to put one question to one agent."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from discovery.protocols.snmp.budget import Limits
from discovery.protocols.snmp.client import SnmpClient
from discovery.protocols.snmp.engines import Engine, make_client
from discovery.protocols.snmp.wire import Endpoint
from discovery.secrets import SnmpCommunity, SnmpUser

PUBLIC = SnmpCommunity("public")
ENGINES = [Engine.GUFO, Engine.PYSNMP]


def ask(
    port: int,
    question: Callable[[SnmpClient], Awaitable[Any]],
    *,
    engine: Engine = Engine.GUFO,
    credential: SnmpCommunity | SnmpUser = PUBLIC,
    limits: Limits = Limits(),  # noqa: B008 — frozen
    timeout: float = 1.0,
    retries: int = 1,
) -> Any:
    """Open a client, put the question, close it and return the answer."""

    async def converse():
        endpoint = Endpoint("127.0.0.1", port, timeout, retries)
        client = make_client(endpoint, credential, limits, engine)
        try:
            await client.open()
            return await question(client)
        finally:
            client.close()

    return asyncio.run(converse())
