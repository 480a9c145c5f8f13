"""Simulated devices: recordings served as real SNMP over loopback, and ways to get recordings.

Lives here: the agent and its server, recording and anonymising real devices, and the invented
devices of the demo. Not here: asking devices (`discovery.protocols`, `discovery.collectors`).
"""

from discovery.simulator.network import DemoNetwork, DemoPartner, DemoSite
from discovery.simulator.recording import Recording, RecordingError
from discovery.simulator.server import CommunityCheck, Simulator, one_community

__all__ = [
    "CommunityCheck",
    "DemoNetwork",
    "DemoPartner",
    "DemoSite",
    "Recording",
    "RecordingError",
    "Simulator",
    "one_community",
]
