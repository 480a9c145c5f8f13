"""Which reports are of one cable, how sure it is, when it has ended, and who is behind a port."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cmdb.reconcile.policy import load_policy
from cmdb.reconcile.rules import compute_link, is_same_link
from cmdb.reconcile.topology import Report, has_ended, judge, place, unite

A, B = UUID(int=1), UUID(int=2)
POLICY = load_policy().relations

items = st.integers(1, 3).map(lambda number: UUID(int=number))
ports = st.one_of(
    st.tuples(st.none(), st.sampled_from(["", "Gi1", "Gi2", "gi2"])),
    st.integers(1, 3).map(lambda index: (index, f"Gi{index}")),
)


@st.composite
def links(draw):
    one, other = draw(st.lists(items, min_size=2, max_size=2, unique=True))
    (index, port), (other_index, other_port) = draw(ports), draw(ports)
    return compute_link(one, port, other, other_port, index=index, other_index=other_index)


reports = st.builds(Report, links(), items, st.sampled_from(["lldp", "cdp", "stp", "fdb"]))
many = st.lists(reports, max_size=8)


@given(items, ports, items, ports)
def test_both_ends_report_the_same_link(one, port, other, other_port):
    if one != other:
        seen = compute_link(one, port[1], other, other_port[1], index=port[0])
        back = compute_link(other, other_port[1], one, port[1], other_index=port[0])
        assert seen == back


@given(many)
def test_no_two_cables_are_between_the_same_ports(told):
    cables = unite([], told)
    for position, cable in enumerate(cables):
        for other in cables[position + 1 :]:
            assert not is_same_link(cable.link, other.link)
            assert (cable.link.ends, cable.link.detail) != (other.link.ends, other.link.detail)


@given(many)
def test_every_report_is_of_exactly_one_cable(told):
    entered = [report for cable in unite([], told) for report in cable.reports]
    assert sorted(map(repr, entered)) == sorted(map(repr, told))


@given(many, st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(told, random):
    shuffled = random.sample(told, len(told))
    assert {c.link for c in unite([], told)} == {c.link for c in unite([], shuffled)}


@given(many)
def test_what_is_told_again_makes_no_new_cable(told):
    first = unite([], told)
    known = [(UUID(int=100 + at), cable.link) for at, cable in enumerate(first)]
    again = unite(known, told)
    assert len(again) == len(first)
    assert all(len(cable.known) == 1 for cable in again)
    assert {cable.link for cable in again} == {cable.link for cable in first}


def test_a_report_of_both_ports_shows_that_two_relations_are_one():
    known = [
        (UUID(int=8), compute_link(A, "Gi1", B, "", index=1)),
        (UUID(int=9), compute_link(A, "", B, "Gi7", other_index=7)),
    ]
    report = Report(compute_link(A, "Gi1", B, "Gi7", index=1, other_index=7), A, "lldp")
    (cable,) = unite(known, [report])
    assert sorted(cable.known) == [UUID(int=8), UUID(int=9)]


def test_two_cables_between_two_devices_stay_two():
    told = [
        Report(compute_link(A, f"Gi{n}", B, "Port", index=n, other_index=n), A, "lldp")
        for n in (1, 2)
    ]
    assert len(unite([], told)) == 2


@given(st.lists(st.tuples(items, st.sampled_from(["lldp", "cdp", "stp", "fdb"])), min_size=1))
def test_a_link_is_as_sure_as_its_best_report(told):
    protocol, sure = judge(told, POLICY)
    assert protocol in {name for _, name in told}
    assert sure >= max(judge([one], POLICY)[1] for one in told)
    assert judge(reversed(told), POLICY) == (protocol, sure)
    both = {subject for subject, name in told if name in {"lldp", "cdp"}}
    assert (sure == POLICY.confidence_both_sides) == (len(both) > 1)


def test_protocols_are_sure_in_this_order():
    sure = [judge([(A, name)], POLICY)[1] for name in ("fdb", "stp", "lldp")]
    assert sure == sorted(set(sure))


@given(st.sampled_from(["lldp", "stp", "fdb"]), st.integers(0, 10))
def test_what_has_ended_stays_ended_with_further_looks(protocol, missed):
    assert not has_ended(protocol, 0, POLICY)
    if has_ended(protocol, missed, POLICY):
        assert has_ended(protocol, missed + 1, POLICY)


@given(st.lists(st.sampled_from("abc"), min_size=1))
def test_a_device_is_placed_only_where_it_is_alone(macs):
    owners = {"a": A, "b": B}
    found = place(macs, owners)
    assert (found is not None) == (set(macs) <= {"a"} or set(macs) <= {"b"})
    if found is not None:
        assert {owners[mac] for mac in macs} == {found}


def test_several_addresses_of_one_device_are_one_device():
    assert place(["a", "b"], {"a": A, "b": A}) == A
