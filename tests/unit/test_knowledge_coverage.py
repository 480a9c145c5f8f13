"""What unknown devices have in common: each of them in one group, the largest group first."""

from hypothesis import given
from hypothesis import strategies as st

from discovery.knowledge.coverage import find_gaps
from discovery.knowledge.mib_names import mib_name

UNKNOWN = "1.3.6.1.4.1.4242424"
systems = st.fixed_dictionaries(
    {
        "sys_object_id": st.sampled_from(["", f"{UNKNOWN}.1.1", f"{UNKNOWN}.1.2", "1.3.6.1.4.1"]),
        "sys_descr": st.sampled_from(["", "Acme Box 1", "Acme Box 2 (rev 7)", "Thing"]),
    }
)


def test_the_trait_of_most_devices_comes_first_and_as_narrow_as_it_can_be():
    devices = [
        ("b", {"sys_object_id": f"{UNKNOWN}.1.7", "sys_descr": "Acme Box"}, []),
        ("a", {"sys_object_id": f"{UNKNOWN}.1.8", "sys_descr": "Acme Box"}, []),
        ("c", {"sys_object_id": "1.3.6.1.4.1.4343434.5", "sys_descr": "Other"}, []),
    ]
    first, second = find_gaps(devices)
    assert first.trait == f'sys_object_id = "{UNKNOWN}.1"'
    assert first.devices == ("a", "b")
    assert first.missing["vendor"] == 2
    assert second.devices == ("c",)


def test_a_device_that_is_fully_known_is_in_no_group():
    system = {
        "sys_object_id": "1.3.6.1.4.1.22610",
        "sys_descr": "Thunder Series Unified Application Service Gateway TH1040, ACOS 5.2.1-P5,",
        "evidence": {"1.3.6.1.4.1.22610.2.4.1.6.2.0": "SN10012345"},
    }
    assert list(find_gaps([("known", system, [])])) == []


@given(st.lists(systems, max_size=12))
def test_every_unknown_device_is_in_exactly_one_group(said):
    devices = [(str(number), system, []) for number, system in enumerate(said)]
    gaps = list(find_gaps(devices))
    named = [name for gap in gaps for name in gap.devices]
    assert len(named) == len(set(named))
    assert set(named) == {device[0] for device in devices}
    sizes = [len(gap.devices) for gap in gaps]
    assert sizes == sorted(sizes, reverse=True)


def test_names_are_those_of_the_modules_and_unknown_oids_stay_numbers():
    assert mib_name("1.3.6.1.2.1.31.1.1.1.1.17") == "IF-MIB::ifName.17"
    assert mib_name("1.3.6.1.2.1.1.5.0") == "SNMPv2-MIB::sysName.0"
    assert mib_name("1.3.6.1.4.1.4242424.1") == "1.3.6.1.4.1.4242424.1"


def test_the_number_of_an_agents_software_is_no_match_for_one_maker():
    system = {
        "sys_object_id": "1.3.6.1.4.1.8072.3.2.10",
        "sys_descr": "Linux bx 5.15.0 #1 SMP aarch64",
        "evidence": {"1.3.6.1.4.1.4242426": 1},
    }
    other = system | {"evidence": {}}
    (by_tree,) = find_gaps([("bx", system, [])])
    (by_words,) = find_gaps([("server", other, [])])
    assert by_tree.trait == 'evidence = { oid = "1.3.6.1.4.1.4242426.…" }'
    assert by_words.trait.startswith("sys_descr = '^Linux")
