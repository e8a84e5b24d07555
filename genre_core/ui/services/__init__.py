"""All caching of the app. Shared by every session: nothing here belongs to one user."""

from genre_core.ui.services.changed_frames import changed_frame
from genre_core.ui.services.embeddings import embedding_sets, songs_embedded_by
from genre_core.ui.services.explanations import ExplanationKey, explain, known_explanation
from genre_core.ui.services.file_facts import FileFacts, file_facts
from genre_core.ui.services.line import turn
from genre_core.ui.services.live import score_live
from genre_core.ui.services.networks import architecture_in_use, architectures, recognizer
from genre_core.ui.services.own_songs import keep_songs, song_at_hand
from genre_core.ui.services.songs import (
    analyse,
    decode,
    decoded_sound,
    overview,
    recall,
    slide,
    sliding,
    song_picture,
    thumbnails,
)
from genre_core.ui.services.surety import surety
from genre_core.ui.services.visitors import note_visit

__all__ = [
    "ExplanationKey",
    "FileFacts",
    "analyse",
    "architecture_in_use",
    "architectures",
    "changed_frame",
    "decode",
    "decoded_sound",
    "embedding_sets",
    "explain",
    "file_facts",
    "keep_songs",
    "known_explanation",
    "note_visit",
    "overview",
    "recall",
    "recognizer",
    "score_live",
    "slide",
    "sliding",
    "song_at_hand",
    "song_picture",
    "songs_embedded_by",
    "surety",
    "thumbnails",
    "turn",
]
