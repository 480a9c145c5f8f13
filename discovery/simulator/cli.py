"""The operator's two commands: `record` a device, `replay` a recording."""

import asyncio
import os
import secrets
import threading
from pathlib import Path

import click

from discovery.errors import DiscoveryError
from discovery.protocols.snmp.budget import Limits
from discovery.protocols.snmp.engines import make_client
from discovery.protocols.snmp.wire import Endpoint
from discovery.secrets import SecretSource, SnmpCommunity, SnmpUser, telling_words
from discovery.secrets.environment import EnvironmentSecrets
from discovery.secrets.file import FileSecrets
from discovery.simulator.anonymise import Anonymiser
from discovery.simulator.record import Recorded, record_device, write_recording
from discovery.simulator.recording import Recording, RecordingError
from discovery.simulator.server import Simulator, one_community


@click.command("record")
@click.argument("address")
@click.argument("output", metavar="FILE.snmprec", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--secret", "secret_name", required=True, help="Name of the secret that opens it.")
@click.option(
    "--secrets",
    "secrets_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file with the secrets, readable by you alone; default: HAUS_SECRET_… variables.",
)
@click.option("--port", type=click.IntRange(1, 65_535), default=161, show_default=True)
@click.option("--keep-serials", is_flag=True, help="Leave serial numbers as they are.")
def record_command(
    *,
    address: str,
    output: Path,
    secret_name: str,
    secrets_file: Path | None,
    port: int,
    keep_serials: bool,
) -> None:
    """Record what a device says, without names, places, addresses and secrets."""
    source: SecretSource = (
        EnvironmentSecrets(os.environ) if secrets_file is None else FileSecrets(secrets_file)
    )
    if not output.parent.is_dir():
        raise click.ClickException(f"There is no folder {output.parent}.")
    try:
        credential = source.get(secret_name)
        if not isinstance(credential, SnmpCommunity | SnmpUser):
            raise click.ClickException(f"The secret {secret_name} is not one for SNMP.")
        anonymiser = Anonymiser(
            salt=secrets.token_bytes(16),
            secrets=tuple(word.encode() for word in telling_words(credential)),
            is_hiding_serials=not keep_serials,
        )
        recorded = asyncio.run(_record(Endpoint(address, port), credential, anonymiser))
    except DiscoveryError as error:
        raise click.ClickException(str(error)) from error
    for problem in recorded.problems:
        click.echo(f"Not complete: {problem}", err=True)
    if not recorded.recording.keys:
        raise click.ClickException(f"Nothing was recorded; {output} is not written.")
    try:
        output.write_text(write_recording(recorded.recording), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}.") from error
    click.echo(f"{len(recorded.recording.keys)} values in {output}.", err=True)


@click.command("replay")
@click.argument("recording_file", metavar="FILE.snmprec", type=click.Path(path_type=Path))
@click.option("--address", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", type=click.IntRange(0, 65_535), default=1161, show_default=True)
@click.option("--community", default="public", show_default=True)
def replay_command(recording_file: Path, address: str, port: int, community: str) -> None:
    """Answer SNMP v1 and v2c like the recorded device until interrupted."""
    if not address.startswith("127."):
        raise click.ClickException(f"{address} is not a loopback address such as 127.0.0.1.")
    try:
        devices = {address: Recording.read(recording_file)}
        simulator = Simulator(devices, port, one_community(community))
        simulator.start()
    except RecordingError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{address}, port {port}: {error.strerror}.") from error
    click.echo(f"{recording_file.name} answers at {address}, port {simulator.port}.", err=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        simulator.stop()


async def _record(
    endpoint: Endpoint, credential: SnmpCommunity | SnmpUser, anonymiser: Anonymiser
) -> Recorded:
    client = make_client(endpoint, credential, Limits(max_rows=200_000, seconds=600))
    try:
        await client.open()
        return await record_device(client, anonymiser)
    finally:
        client.close()
