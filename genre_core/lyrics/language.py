"""Which language a text is in: lexicon and weights know English only.

References
----------
Lui, Baldwin (2012): langid.py: An off-the-shelf language identification tool. ACL.
"""

from dataclasses import dataclass
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from genre_core.lyrics.text import Lyrics

ENGLISH = "en"
MIN_WORDS = 6  # of fewer, no language can be told
MIN_CONFIDENCE = 0.6  # less sure: no language is named
# The languages that lyrics are mostly in; of all that the package knows, an "ooh la la" would be
# taken for a rare one.
LANGUAGES: dict[str, str] = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "la": "Latin",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "sw": "Swahili",
    "th": "Thai",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


@dataclass(frozen=True)
class Language:
    """A language's ISO 639-1 code, empty where unsure, and the recogniser's confidence, 0 to 1."""

    code: str
    confidence: float

    @property
    def name(self) -> str:
        """Its English name, empty where unsure."""
        return LANGUAGES.get(self.code, "")

    @property
    def is_foreign(self) -> bool:
        """Whether it is surely another language than English."""
        return self.code not in ("", ENGLISH)


def language_of(lyrics: Lyrics) -> Language:
    """Return the language that most of the text is in."""
    code, confidence = _identifier().classify(lyrics.text)
    is_sure = confidence >= MIN_CONFIDENCE and (
        len(lyrics.words) >= MIN_WORDS or not lyrics.text.isascii()
    )
    return Language(code if is_sure else "", float(confidence))


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
