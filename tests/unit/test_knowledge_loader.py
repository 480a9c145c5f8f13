"""Files of rules that are wrong are refused with a sentence that names the file and the reason."""

import pytest

from discovery.knowledge.enterprises import Enterprise
from discovery.knowledge.loader import KnowledgeError, read_knowledge

NUMBERS = "# IANA\n99999 Acme\n"
RULE = """
vendor = "Acme"
[products."1.3.6.1.4.1.99999.1"]
7 = "IE-7"
[[device]]
name = "Acme switch"
match = { sys_object_id = "1.3.6.1.4.1.99999.1" }
class = "network.switch"
model = { from = "sys_object_id" }
version = { from = "sys_descr", pattern = 'v(\\d+)\\.(\\d+)', format = "{1}.{2}" }
serial = [{ below = "3.0", up = 1 }, { oid = "1.3.6.1.4.1.99999.3.1.0" }]
proof = "acme.snmprec"
"""


def load(text=RULE, numbers=NUMBERS, **more):
    return read_knowledge({"acme.toml": text, **more}, numbers)


def test_a_rule_is_found_by_the_longest_prefix():
    longer = RULE.replace("99999.1", "99999.1.7").replace("Acme switch", "Acme IE-7")
    knowledge = load(**{"more.toml": longer})
    names = [rule.name for rule in knowledge.candidates("1.3.6.1.4.1.99999.1.7.2", "")]
    assert names == ["Acme IE-7", "Acme switch"]


def test_a_prefix_ends_at_an_arc():
    assert load().candidates("1.3.6.1.4.1.99999.11", "") == ()


def test_a_source_below_the_own_number_follows_the_device():
    (rule,) = load().rules
    assert rule.serial[0].oids("1.3.6.1.4.1.99999.1.7") == ("1.3.6.1.4.1.99999.1.3.0",)
    assert rule.serial[0].oids("1.3.6") == ()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("class =", "klass ="), "klass: Unknown field"),
        (('"network.switch"', '"Switch"'), "not the name of a CI class"),
        (("'v(", "'v(("), "not a regular expression"),
        (('"{1}.{2}"', '"{1}.{3}"'), "names a missing group"),
        (('proof = "acme.snmprec"', ""), "proof: Missing data"),
        (('proof = "acme.snmprec"', 'proof = "../acme.snmprec"'), "proof"),
        (('{ from = "sys_object_id" }', '{ from = "sys_object_id", oid = "1.2" }'), "exactly one"),
        (('{ from = "sys_object_id" }', '{ oids = ["1.2.3", "1.2.4"] }'), "need a format"),
        (('{ from = "sys_object_id" }', '{ oid = "1.2.x" }'), "not an OID"),
        (('{ sys_object_id = "1.3.6.1.4.1.99999.1" }', "{}"), "A match needs"),
        (("[[device]]", "[[device"), "not TOML"),
    ],
)
def test_a_wrong_file_is_refused(change, complaint):
    with pytest.raises(KnowledgeError, match=complaint) as refused:
        load(RULE.replace(*change))
    assert str(refused.value).startswith("acme.toml: ")


def test_a_long_list_of_products_lies_beside_its_file():
    listed = "# ACME-MIB\n1.3.6.1.4.1.99999.1\n7 Old name\n8.1 IE 8\n"
    (rule,) = read_knowledge({"acme.toml": RULE}, NUMBERS, {"acme.toml": listed}).rules
    base = "1.3.6.1.4.1.99999.1"
    assert rule.model[0].values == {f"{base}.7": "IE-7", f"{base}.8.1": "IE 8"}


@pytest.mark.parametrize("line", ["8", "eight IE-8", "8 ", "7 IE-7\n7 IE-7"])
def test_a_wrong_list_of_products_is_refused(line):
    with pytest.raises(KnowledgeError, match=r"acme\.toml: list of products, line \d"):
        read_knowledge(
            {"acme.toml": RULE}, NUMBERS, {"acme.toml": f"1.3.6.1.4.1.99999.1\n{line}\n"}
        )


def test_two_rules_of_one_name_are_refused():
    with pytest.raises(KnowledgeError, match=r"is taken in acme\.toml"):
        load(**{"more.toml": RULE.replace("99999.1", "99999.2")})


def test_a_rule_that_would_never_be_reached_is_refused():
    with pytest.raises(KnowledgeError, match="would never be reached"):
        load(**{"more.toml": RULE.replace("Acme switch", "Acme other switch")})


def test_an_enterprise_may_tell_the_class_of_all_or_most_of_its_devices():
    told = NUMBERS + "8 Acme Power & Light = power.ups\n9 Acme 9 ~ network.switch\n"
    assert load(numbers=told).enterprises == {
        "99999": Enterprise("Acme"),
        "8": Enterprise("Acme Power & Light", ci_class="power.ups"),
        "9": Enterprise("Acme 9", main_class="network.switch"),
    }


@pytest.mark.parametrize(
    "line",
    [
        "Acme",
        "8",
        "8  ",
        "eight Acme",
        "8 Acme =",
        "8 Acme = Switch",
        "8 Acme ~ network.switch network.router",
        "99999 Acme",
        f"8 {'A' * 101}",
    ],
)
def test_a_wrong_enterprise_is_refused(line):
    with pytest.raises(KnowledgeError, match=r"enterprises\.txt: line 3 "):
        load(numbers=f"{NUMBERS}{line}\n")
