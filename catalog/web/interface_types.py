"""What kinds of interfaces are called; the names on the wire are those of IANAifType-MIB."""

from typing import Final

from flask_babel import gettext

from cmdb.kernel.errors import N_

WORDS: Final = {
    "other": N_("Other"),
    "ethernetCsmacd": "Ethernet",
    "iso88023Csmacd": "Ethernet",
    "fastEther": "Fast Ethernet",
    "gigabitEthernet": "Gigabit Ethernet",
    "softwareLoopback": "Loopback",
    "l2vlan": "VLAN",
    "l3ipvlan": N_("VLAN with address"),
    "propVirtual": N_("Virtual"),
    "propMultiplexor": N_("Multiplexer"),
    "ieee8023adLag": N_("Link aggregation"),
    "bridge": "Bridge",
    "ieee80211": N_("Wi-Fi"),
    "radioMAC": N_("Radio"),
    "capwapDot11Profile": N_("Wi-Fi profile"),
    "capwapDot11Bss": N_("Wi-Fi cell"),
    "capwapWtpVirtualRadio": N_("Wi-Fi radio"),
    "tunnel": "Tunnel",
    "mpls": "MPLS",
    "mplsTunnel": N_("MPLS tunnel"),
    "ppp": "PPP",
    "pppMultilinkBundle": N_("PPP bundle"),
    "propPointToPointSerial": N_("Serial line"),
    "rs232": N_("Serial (RS-232)"),
    "hdlc": "HDLC",
    "frameRelay": "Frame Relay",
    "modem": "Modem",
    "wwanPP": N_("Mobile network"),
    "wwanPP2": N_("Mobile network"),
    "adsl": "ADSL",
    "adsl2": "ADSL2",
    "adsl2plus": "ADSL2+",
    "vdsl": "VDSL",
    "vdsl2": "VDSL2",
    "shdsl": "SHDSL",
    "gpon": "GPON",
    "docsCableMaclayer": "DOCSIS",
    "docsCableDownstream": N_("DOCSIS downstream"),
    "docsCableUpstream": N_("DOCSIS upstream"),
    "fibreChannel": "Fibre Channel",
    "infiniband": "InfiniBand",
    "sonet": "SONET/SDH",
    "opticalChannel": N_("Optical channel"),
    "opticalTransport": N_("Optical transport"),
    "stackToStack": N_("Stack connection"),
    "virtualIpAddress": N_("Virtual address"),
    "voiceOverIp": N_("Telephony (IP)"),
    "usb": "USB",
    "vmwareVirtualNic": N_("Virtual network card"),
    "vmwareNicTeam": N_("Team of network cards"),
    "macSecControlledIF": "MACsec",
    "macSecUncontrolledIF": "MACsec",
}
"""Name on the wire → what people call it; what is rare or old keeps its name."""


def interface_type(name: str) -> str:
    """Return what a kind of interface is called in the reader's language."""
    return gettext(WORDS[name]) if name in WORDS else name
