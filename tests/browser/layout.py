"""What a page's layout must not do."""

from playwright.sync_api import Page


def scrolls_sideways(page: Page) -> bool:
    """Return whether something is wider than the page, which then scrolls both ways."""
    return page.evaluate(
        """[document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]
           .some(e => e.scrollWidth > e.clientWidth)"""
    )
