"""The question for the next step of long work, without Streamlit: when it is put."""

from collections.abc import Callable

from playwright.sync_api import Page

from genre_core.ui.components.next_step import SCRIPT

OpenPage = Callable[..., Page]
NO_PAGE = "/_stcore/health"  # of the server, with nothing on it

# Each component notes when it asks; `window.asked` holds name and time.
PREPARE = """async (script) => {
    const module = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
    const {default: run} = await import(module);
    document.body.innerHTML = '<a href="#other">Another page</a>';
    window.asked = [];
    window.show = (name) => run({
        data: {turn: 1},
        parentElement: document.createElement('div'),
        setTriggerValue: () => window.asked.push([name, performance.now()]),
    });
}"""


def prepared(open_page: OpenPage, players_url: str) -> Page:
    page = open_page(NO_PAGE, base=players_url)
    page.evaluate(PREPARE, SCRIPT)
    return page


def test_two_ask_one_after_the_other_and_again_without_an_answer(
    open_page: OpenPage, players_url: str
):
    page = prepared(open_page, players_url)
    page.evaluate("() => { window.ends = [show('finer'), show('why')]; }")
    page.wait_for_function("window.asked.length === 4")
    names, times = zip(*page.evaluate("window.asked"), strict=True)
    assert names == ("finer", "why") * 2
    assert times[1] - times[0] > 20  # Streamlit sends what comes together in one message
    page.evaluate("() => { for (const end of window.ends) end(); window.asked = []; }")
    page.wait_for_timeout(3500)
    assert page.evaluate("window.asked") == []


def test_nothing_is_asked_on_the_way_to_another_page(open_page: OpenPage, players_url: str):
    page = prepared(open_page, players_url)
    page.get_by_role("link", name="Another page").click()
    page.evaluate("() => { show('finer'); }")
    page.wait_for_timeout(1000)
    assert page.evaluate("window.asked") == []
    page.wait_for_function("window.asked.length > 0")  # one has stayed
