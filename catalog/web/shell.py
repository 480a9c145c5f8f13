"""What the frame around every page needs to know about the person in front of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One place in the navigation.

    Attributes:
        label: translated text.
        href: where it leads.
        icon: the name of a symbol of the sprite.
        is_current: whether the page shown lies there.
        count: how many things wait there, None for no number.
    """

    label: str
    href: str
    icon: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class NavigationGroup:
    """Places that belong together; the first group usually has no label."""

    items: tuple[NavigationItem, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class PageViewer:
    """The signed-in person as the frame shows them.

    Attributes:
        name: how the person is called.
        navigation: only what this person may open; partners get a short one.
        organisation: the partner whose data is shown, or "All partners" translated.
        organisation_href: where another partner is chosen, empty where there is no choice.
        search_href: the page that takes `?q=`, empty hides the search box.
        account_href: the page of one's own account, empty hides the link.
        sign_out_href: takes a POST.
    """

    name: str
    navigation: tuple[NavigationGroup, ...]
    organisation: str = ""
    organisation_href: str = ""
    search_href: str = ""
    account_href: str = ""
    sign_out_href: str = ""
