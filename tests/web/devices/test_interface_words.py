"""The kind of an interface is told in words; the name on the wire stays to be read as a title."""

from catalog.web.interface_types import interface_type


def test_a_kind_is_told_in_words_and_a_rare_one_by_its_name(app):
    with app.test_request_context(headers={"Cookie": "lang=de"}):
        assert interface_type("ethernetCsmacd") == "Ethernet"
        assert interface_type("ieee8023adLag") == "Bündel (LAG)"
        assert interface_type("hippi") == "hippi"
