"""What quantities and costs are called: units in the plural, «per year» only where it is yearly."""

from decimal import Decimal

import pytest

from catalog.web.services.presentation import cost_words
from catalog.web.texts import quantity_words

UNITS = {"de": "Arbeitsplatz", "en": "workplace", "de_plural": "Arbeitsplätze"}


@pytest.mark.parametrize(
    ("language", "quantity", "text"),
    [
        ("de", 1, "1 Arbeitsplatz"),
        ("de", 12, "12 Arbeitsplätze"),
        ("de", 12_345, "12’345 Arbeitsplätze"),
        ("en", 1, "1 workplace"),
        ("en", 12, "12 × workplace"),
    ],
)
def test_a_quantity_bends_its_unit_where_the_plural_is_known(app, language, quantity, text):
    with app.test_request_context(headers={"Cookie": f"lang={language}"}):
        assert quantity_words(quantity, UNITS).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        (("20448", "0", "0"), ["CHF 20’448.00 pro Jahr"]),
        (("0", "11600", "0"), ["einmalig CHF 11’600.00"]),
        (("12", "5", "0"), ["CHF 12.00 pro Jahr", "einmalig CHF 5.00"]),
        (("0", "0", "7.5"), ["etwa CHF 7.50 nach Verbrauch"]),
        (("0", "0", "0"), ["kostenlos"]),
    ],
)
def test_a_cost_is_told_by_how_often_it_is_paid(app, costs, words):
    with app.test_request_context(headers={"Cookie": "lang=de"}):
        told = cost_words(*map(Decimal, costs))
    assert [one.replace("\u00a0", " ") for one in told] == words
