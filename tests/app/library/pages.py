"""What the tests of the page do with it."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

OpenApp = Callable[..., AppTest]


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception, test.exception[0].stack_trace
    return test


def words_of(test: AppTest) -> str:
    elements = [*test.markdown, *test.caption, *test.error, *test.warning, *test.info]
    values = [*(element.value for element in elements), *(html.value for html in test.get("html"))]
    return "\n".join(values).replace("\\", "")
