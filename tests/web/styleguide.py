"""A small application that shows every component: for the tests, and for the eye.

By hand: .venv/bin/python -m tests.web.styleguide   (http://127.0.0.1:5001)
"""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import jinja2
from flask import Flask, flash, render_template, request
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, NumberRange

from catalog.translations.messages import FOLDER
from catalog.web import preferences
from catalog.web.components import install_components
from catalog.web.locale import request_locale
from catalog.web.shell import NavigationGroup, NavigationItem, PageViewer
from schemas import vocabulary

POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)


class OrderForm(FlaskForm):
    """A form with one field of each kind."""

    quantity = IntegerField(
        "Anzahl", validators=[DataRequired("Bitte eine Zahl eingeben."), NumberRange(1, 500)]
    )
    site = SelectField(
        "Standort", choices=[SelectChoice("1", "Gemeindehaus"), SelectChoice("2", "Schulhaus Rank")]
    )
    cost_centre = StringField("Kostenstelle")
    urgency = RadioField(
        "Lieferung",
        choices=[
            SelectChoice("normal", "Nächster Termin"),
            SelectChoice("fast", "So bald wie möglich"),
        ],
        default="normal",
    )
    reason = TextAreaField(
        "Begründung", validators=[DataRequired("Bitte begründen Sie die Bestellung.")]
    )
    accepted = BooleanField("Die Kosten gehen zulasten des laufenden Voranschlags")


def create_styleguide_app() -> Flask:
    app = Flask("catalog.web")
    app.config.update(SECRET_KEY="shown to nobody", WTF_CSRF_SSL_STRICT=False)
    app.jinja_env.undefined = jinja2.StrictUndefined
    Babel(
        app,
        default_locale="de_CH",
        default_translation_directories=str(FOLDER),
        locale_selector=request_locale,
    )
    CSRFProtect(app)
    install_components(app)
    app.register_blueprint(preferences.blueprint)
    app.context_processor(frame)
    app.after_request(secure)
    app.add_url_rule("/", view_func=styleguide, methods=["GET", "POST"])
    app.add_url_rule("/partner", view_func=partner)
    app.add_url_rule("/signed-out", view_func=signed_out)
    app.add_url_rule("/error", view_func=error)
    app.add_url_rule("/broken", view_func=broken)
    return app


def secure(answer):
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def frame():
    return {"viewer": provider_viewer(), "is_demo": True}


def provider_viewer() -> PageViewer:
    item = NavigationItem
    return PageViewer(
        name="Rita Amrein",
        organisation="Alle Partner",
        organisation_href="/#partners",
        search_href="/",
        account_href="/#account",
        sign_out_href="/#out",
        navigation=(
            NavigationGroup((item("Start", "/signed-out", "home"),)),
            NavigationGroup(
                (
                    item("Geräte", "/", "server", is_current=True),
                    item("Konten", "/#k", "users"),
                    item("Partner", "/#p", "building-community"),
                    item("Standorte", "/#s", "map-pin"),
                ),
                label="Inventar",
            ),
            NavigationGroup(
                (
                    item("Pläne", "/#e", "radar-2"),
                    item("Läufe", "/#l", "history"),
                    item("Posteingang", "/#i", "inbox", count=14),
                ),
                label="Erkennung",
            ),
            NavigationGroup(
                (
                    item("Servicekatalog", "/#sk", "books"),
                    item("Bestellungen", "/#b", "clipboard-list", count=3),
                    item("Leistungsbezug", "/#a", "repeat"),
                ),
                label="Services",
            ),
        ),
    )


def partner_viewer() -> PageViewer:
    item = NavigationItem
    return PageViewer(
        name="Beat Muff",
        organisation="Gemeinde Aarfeld",
        account_href="/#account",
        sign_out_href="/#out",
        navigation=(
            NavigationGroup(
                (
                    item("Start", "/partner", "home", is_current=True),
                    item("Services", "/#d", "books"),
                    item("Bestellungen", "/#b", "clipboard-list", count=1),
                    item("Mein Inventar", "/#i", "server"),
                    item("Hilfe", "/#h", "help-circle"),
                )
            ),
        ),
    )


def devices(now: datetime) -> list[SimpleNamespace]:
    states = list(vocabulary.Lifecycle)
    kinds = [
        ("Switch", "switch-3"),
        ("Server", "server"),
        ("Firewall", "firewall-check"),
        ("Drucker", "printer"),
        ("Access Point", "wifi"),
    ]
    places = ["Gemeindehaus", "Schulhaus Rank", "Werkhof", "Feuerwehr"]
    partners = ["Gemeinde Aarfeld", "Gemeinde Birkental", "Gemeinde Seewil"]
    return [
        SimpleNamespace(
            name=f"{kinds[n % 5][0][:2]}-{partners[n % 3][9:12]}-{n * 37 % 1000:04d}".lower(),
            kind=kinds[n % 5],
            partner=partners[n % 3],
            site=places[n * 7 % 4],
            address=f"10.{20 + n % 3}.{n % 4}.{10 + n}",
            state=states[1 if n % 6 else (n // 6) % 4],
            seen_at=now - timedelta(minutes=3 + n * n * 41),
        )
        for n in range(12)
    ]


def styleguide() -> str:
    now = datetime.now(UTC)
    form = OrderForm(quantity=5)
    if request.method == "POST":
        form.validate()
    if "flash" in request.args:
        flash("Die Bestellung 2026-0147 wurde abgeschickt.", "success")
    return render_template(
        "styleguide.html",
        form=form,
        now=now,
        rows=devices(now),
        page=SimpleNamespace(next_cursor="abc"),
        words=vocabulary,
    )


def partner() -> str:
    return render_template(
        "styleguide_partner.html", viewer=partner_viewer(), density="comfortable"
    )


def signed_out() -> str:
    return render_template("styleguide_bare.html", viewer=None)


def error() -> str:
    return render_template(
        "errors/error.html", status=404, code="about:blank", message="", request_id="5f2c9b01d3aa"
    )


def broken() -> tuple[str, int]:
    return "the database is away", 503


if __name__ == "__main__":
    create_styleguide_app().run(port=5001)
