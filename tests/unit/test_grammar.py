"""sysDescr of makers nobody taught: the usual forms are read, anything else says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.knowledge.grammar import Description, describe


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme X-1000 Switch, Version 1.2.3", ("Acme X-1000", "1.2.3", None)),
        (
            "Acme Inc. ZX240 router, AcmeOS 12.3R4, Build date: 2021-02-03",
            ("ZX240", "12.3R4", None),
        ),
        ("Model: ZX-8, SW: 4.5.6, HW: 1.0.0, S/N: AB12345", ("ZX-8", "4.5.6", "AB12345")),
        ("ZX-8;hardware version:V1.0.1;software version:V2.3.0", ("ZX-8", "V2.3.0", None)),
        ("; ACME Z12-E; Dome Camera; 5.40.9; May 15 2012 09:50; 1", ("ACME Z12-E", "5.40.9", None)),
        ("<<HW_REV: 1; VENDOR: Acme; SW_REV: 2.6.2; MODEL: CM5>>", ("CM5", "2.6.2", None)),
        ('"BoxPower 571 2.11.380 STD"', ("BoxPower 571", "2.11.380", None)),
        ("ZX-24P 2.0, Firmware 3.1.4, Linux 5.4.0, U-Boot 2012.10", ("ZX-24P", "3.1.4", None)),
        ("AcmeSwitch (ZX440-24p) version 15.5.1.6 by a-user", ("ZX440-24p", "15.5.1.6", None)),
        ("AcmeOS software, ZX-805, Version 2.2.2Build2", ("ZX-805", "2.2.2Build2", None)),
        ("Optical radio R905 V100R011C00SPC200", ("Optical radio R905", "V100R011C00SPC200", None)),
        ("Power unit U80 bootloader 1.0.1, app. software 2.0", ("Power unit U80", "2.0", None)),
        ("AcmeWall 2X", ("AcmeWall 2X", None, None)),
        ("ZXW-Flex 5.76.7.13442", ("ZXW-Flex", "5.76.7.13442", None)),
        ("ZX-8404 (5.1.1.1)", ("ZX-8404", "5.1.1.1", None)),
        ("ZX6846_4.12AB01.99", ("ZX6846", "4.12AB01.99", None)),
        ("ZX10 SN 0123456789AB", ("ZX10", None, "0123456789AB")),
        ("48-port 10/100/1000 Ethernet Switch", (None, None, None)),
        ("Linux host1 5.4.0-91-generic #102-Ubuntu SMP x86_64", (None, None, None)),
        ("gate1 2271128 FreeBSD 13.2-RELEASE", (None, None, None)),
        ("ZX200 IEEE 802.11 bridge", ("ZX200", None, None)),
        ("ZX10 for SN0116A slots", ("ZX10", None, None)),
        ("an-ordinary-host01", (None, None, None)),
        ("Network management card", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_the_usual_forms_are_read(text, expected):
    assert describe(text) == Description(*expected)


@pytest.mark.parametrize(
    "text", ["1." * 2048, "v1(" * 1300, "model: " * 580, "A1-" * 1300 + " Inc"]
)
def test_a_long_text_of_one_form_is_read_too(text):
    assert isinstance(describe(text), Description)


@given(st.text(max_size=200) | st.lists(st.sampled_from(["V1.2", "Ver", "(", "X-10", "SN:", ", "])))
def test_what_is_read_stands_in_the_text(text):
    text = text if isinstance(text, str) else " ".join(text)
    found = describe(text)
    for value in (found.version, found.serial):
        assert value is None or value in text
    assert all(word in text for word in (found.model or "").split())
