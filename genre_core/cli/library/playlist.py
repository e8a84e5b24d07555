"""`python -m genre_core library playlist`: M3U8 files of songs that belong together."""

import argparse
import os
from typing import TYPE_CHECKING

from genre_core.cli.library import add_filter_options, add_store_option, song_filter
from genre_core.cli.text import printable
from genre_core.errors import LibraryError, SettingsError

if TYPE_CHECKING:
    from genre_core.library.songs import LibrarySong
    from genre_core.library.store import LibraryStore

EXAMPLES = """\
examples:
  python -m genre_core library playlist jazz.m3u8 --genre jazz --min-confidence 0.7
  python -m genre_core library playlist more.m3u8 --like ~/Music/song.mp3 --songs 20
  python -m genre_core library playlist way.m3u8 --from quiet.flac --to loud.mp3
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "playlist",
        help="write a playlist: a genre, songs like one, or a way from one song to another",
        description=(
            "Write an M3U8 playlist: the surest songs of a genre, the songs nearest to one for\n"
            "the network, or a way from one song to another by songs that are near one another."
        ),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("output", metavar="FILE", help="the playlist, .m3u8")
    add_store_option(parser)
    add_filter_options(parser)
    parser.add_argument("--like", metavar="SONG", help="a song's file, or a part of its name")
    parser.add_argument("--from", dest="first", metavar="SONG", help="where a way begins")
    parser.add_argument("--to", dest="last", metavar="SONG", help="where a way ends")
    parser.add_argument("--songs", type=int, metavar="N", help="how many songs (default: 30)")


def run(args: argparse.Namespace) -> int:
    """Write the playlist."""
    from genre_core.library.playlists import write_m3u8
    from genre_core.library.store import LibraryStore

    with LibraryStore.open(args.store) as store:
        songs = _chosen(store, args)
    if not songs:
        raise LibraryError("No song of the library is like that: choose others.")
    write_m3u8(args.output, songs)
    print(f"{len(songs):,} songs in {printable(args.output)}.")
    return 0


def _chosen(store: "LibraryStore", args: argparse.Namespace) -> "list[LibrarySong]":
    from genre_core.library import playlists
    from genre_core.library.query import ALL

    n_songs = playlists.DEFAULT_LENGTH if args.songs is None else args.songs
    if n_songs < 1:
        raise SettingsError(f"--songs is at least 1, not {n_songs}.")
    if (args.first is None) != (args.last is None) or (args.like and args.first):
        raise SettingsError("Give --from together with --to, or --like alone, or a --genre.")
    wanted = song_filter(args)
    if (args.like or args.first) and wanted != ALL:
        raise SettingsError("--genre and --min-confidence do not go with --like, --from and --to.")
    if args.like:
        nearest = playlists.like(store.embeddings(), find_song(store, args.like).id, n_songs)
        return playlists.songs_of(store, (neighbour.index for neighbour in nearest))
    if args.first:
        ends = [find_song(store, text).id for text in (args.first, args.last)]
        return playlists.songs_of(
            store, playlists.path_between(store.embeddings(), ends[0], ends[1], n_songs)
        )
    if not args.genre:
        raise SettingsError("Give --genre, --like, or --from and --to.")
    return store.songs(wanted, sort="confidence", descending=True, limit=n_songs)


def find_song(store: "LibraryStore", text: str) -> "LibrarySong":
    """Return the one song that a path or a part of a name means; LibraryError if not just one."""
    from genre_core.library.query import SongFilter

    song = store.song_at(os.path.abspath(text))  # noqa: PTH100  links stay as they are
    if song is not None:
        return song
    found = store.songs(SongFilter(text=text), limit=6)
    if len(found) == 1:
        return found[0]
    if not found:
        raise LibraryError(f"{printable(text)}: the library has no such song.")
    names = "; ".join(printable(song.path) for song in found[:5])
    raise LibraryError(f"{printable(text)}: several songs are called so, among them {names}.")
