"""What a link to the page "Library" says, and which songs that are."""

from hypothesis import given
from hypothesis import strategies as st

from genre_core.library.query import SORT_KEYS, SongFilter, where
from genre_core.ui.pages.library.link import PARAMETERS, PARTS, SHOWN, LibraryView
from genre_core.ui.pages.library.table import _SORTS
from genre_core.ui.url import read_view, write_view

percents = st.integers(0, 100)
years = st.none() | st.integers(0, 9999)
names = st.text(st.characters(codec="utf-8", exclude_characters=","), min_size=1, max_size=9)
views = st.builds(
    LibraryView,
    store=st.text(max_size=9),
    part=st.sampled_from(list(PARTS)),
    text=st.text(max_size=9),
    genres=st.lists(names, max_size=3, unique=True).map(lambda found: tuple(sorted(found))),
    shown=st.sampled_from(list(SHOWN)),
    min_confidence=percents,
    max_confidence=percents,
    min_disagreement=percents,
    max_disagreement=percents,
    min_year=years,
    max_year=years,
    sort=st.sampled_from(SORT_KEYS),
    descending=st.booleans(),
    page=st.integers(1, 10**6),
    song=st.integers(0, 2**60),
)


@given(views)
def test_a_link_says_the_whole_view(view: LibraryView) -> None:
    query = write_view(view, LibraryView(), PARAMETERS)
    assert read_view(query, LibraryView(), PARAMETERS) == (view, ())


@given(st.dictionaries(st.sampled_from(list(PARAMETERS)), st.text(max_size=20)))
def test_any_link_is_read_and_asks_for_songs_that_sql_knows(query: dict[str, str]) -> None:
    view, _ = read_view(query, LibraryView(), PARAMETERS)
    clause, values = where(view.songs)
    assert clause.count("?") == len(values)


def test_the_first_view_takes_all_songs() -> None:
    assert LibraryView().songs == SongFilter()
    assert LibraryView().n_filters == 0
    assert LibraryView(min_year=1990, max_confidence=50).n_filters == 2
    assert LibraryView(shown="differs").songs == SongFilter(tag_differs=True)
    assert LibraryView(shown="midway", min_confidence=20).songs == SongFilter(
        changes_genre=True, min_confidence=0.2
    )


def test_every_order_of_the_store_has_a_name() -> None:
    assert set(_SORTS) == set(SORT_KEYS)
