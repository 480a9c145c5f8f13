"""Hands that have no mouse: everything is reached by Tab and done by Enter and typing."""

from playwright.sync_api import Page

MAX_STEPS = 160
FOCUSED = """() => {
  const one = document.activeElement;
  const labels = one.labels?.length ? [...one.labels].map((label) => label.innerText) : [];
  const words = one.getAttribute("aria-label") ?? [...labels, one.innerText ?? ""].join(" ");
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  return {
    tag: one.tagName.toLowerCase(),
    words: words.replace(/\\s+/g, " ").trim(),
    isSeen: box.width > 0 && box.height > 0,
    isMarked: style.outlineStyle !== "none" || style.boxShadow !== "none",
  };
}"""


class Keyboard:
    """Works a page as somebody does who uses only the keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, words: str, tag: str = "") -> None:
        """Press Tab until what has the focus is called by these words; it must show the focus."""
        passed = []
        for _ in range(MAX_STEPS):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            if words in focused["words"] and tag in {"", focused["tag"]}:
                assert focused["isSeen"], f"«{words}» has the focus, but cannot be seen."
                assert focused["isMarked"], f"«{words}» does not show that it has the focus."
                return
            passed.append(focused["words"][:40])
        raise AssertionError(f"Tab does not lead to «{words}»: {passed}")

    def press(self, words: str, tag: str = "") -> None:
        """Reach a link or a button and press Enter; waits for the page that follows."""
        self.reach(words, tag)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str) -> None:
        """Reach a field and type into it, over what stands there."""
        self.reach(label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def skip(self) -> None:
        """Jump over the frame to the content, by the first link of the page."""
        self.reach("Zum Inhalt springen", "a")
        self.page.keyboard.press("Enter")

    def open_place(self, words: str) -> None:
        """Follow a word of the main navigation, which narrow screens keep in a menu."""
        if self.page.locator("#main-menu").is_visible():
            self.reach("Menü", "summary")
            self.page.keyboard.press("Enter")
        self.press(words, "a")
