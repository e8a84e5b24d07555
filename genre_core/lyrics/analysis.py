"""One song's words: measures, verdict, and the words that spoke for and against it."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.lyrics.language import Language, language_of
from genre_core.lyrics.measures import Measures, measure
from genre_core.lyrics.model import FloatArray, LyricsModel
from genre_core.lyrics.text import Lyrics

FEW_WORDS = (
    50  # the songs of the corpus have about 300; with fewer than this, a verdict says little
)
N_EVIDENCE = 10


@dataclass(frozen=True, eq=False)
class WordEvidence:
    """What one word of the text says.

    Attributes
    ----------
    word : str
    count : int
        In the text.
    evidence : float32 (n_genres,)
        Added to each genre's logit, less the mean over genres.
    song_shares : float32 (n_genres,)
        Share of the training songs of each genre that hold the word.
    """

    word: str
    count: int
    evidence: FloatArray
    song_shares: FloatArray


@dataclass(frozen=True, eq=False)
class LyricsAnalysis:
    """Everything that is known about one song's words.

    Attributes
    ----------
    lyrics : Lyrics
    language : Language
    measures : Measures
    model : LyricsModel
    scores : float32 (n_genres,)
        Sum to 1.
    words : tuple of WordEvidence
        Of the words that the model knows, in alphabetical order.
    """

    lyrics: Lyrics
    language: Language
    measures: Measures
    model: LyricsModel
    scores: FloatArray
    words: tuple[WordEvidence, ...]

    @property
    def genre(self) -> str:
        """The genre with the best score."""
        return self.model.genres[int(self.scores.argmax())]

    @property
    def runner_up(self) -> str:
        """The genre with the second best score."""
        return self.model.genres[int(np.argsort(-self.scores, kind="stable")[1])]

    @property
    def confidence(self) -> float:
        """The best score, 0 to 1."""
        return float(self.scores.max())

    @property
    def n_known(self) -> int:
        """Words of the text, each as often as it occurs, that the model knows."""
        return sum(each.count for each in self.words)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What makes the verdict doubtful, a sentence each."""
        reasons = []
        if self.language.is_foreign:
            reasons.append(
                f"The text seems to be {self.language.name}; lexicon and model know English only."
            )
        if self.measures.n_words < FEW_WORDS:
            reasons.append(
                f"Only {self.measures.n_words} words: fewer than {FEW_WORDS} say little of a genre."
            )
        if not self.words:
            reasons.append("The model knows none of these words: the scores say nothing.")
        return tuple(reasons)

    def words_for(self, genre: str, most: int = N_EVIDENCE) -> tuple[WordEvidence, ...]:
        """Return the words that speak most for a genre, strongest first."""
        return tuple(each for each in self._ranked(genre, -1) if self._of(each, genre) > 0)[:most]

    def words_against(self, genre: str, most: int = N_EVIDENCE) -> tuple[WordEvidence, ...]:
        """Return the words that speak most against a genre, strongest first."""
        return tuple(each for each in self._ranked(genre, 1) if self._of(each, genre) < 0)[:most]

    def evidence_for(self, genre: str) -> dict[str, float]:
        """Return what each known word says for a genre; below 0: against it."""
        return {each.word: self._of(each, genre) for each in self.words}

    def _of(self, each: WordEvidence, genre: str) -> float:
        return float(each.evidence[self.model.genres.index(genre)])

    def _ranked(self, genre: str, sign: int) -> list[WordEvidence]:
        return sorted(self.words, key=lambda each: sign * self._of(each, genre))


def frequent_words(model: LyricsModel, n: int) -> frozenset[str]:
    """Return the n words of each genre that most of its songs hold, of those the model knows."""
    chosen = np.argsort(-model.song_shares, axis=0, kind="stable")[:n]
    return frozenset(model.vocabulary[row] for row in np.unique(chosen).tolist())


def analyse_lyrics(lyrics: Lyrics, model: LyricsModel) -> LyricsAnalysis:
    """Measure lyrics and let the model score them."""
    counts = Counter(lyrics.words)
    rows, evidence = model.evidence(lyrics.words)
    return LyricsAnalysis(
        lyrics=lyrics,
        language=language_of(lyrics),
        measures=measure(lyrics),
        model=model,
        scores=model.scores(lyrics.words),
        words=_words(rows, evidence, counts, model),
    )


def _words(
    rows: npt.NDArray[np.int64], evidence: FloatArray, counts: Counter[str], model: LyricsModel
) -> tuple[WordEvidence, ...]:
    return tuple(
        WordEvidence(
            model.vocabulary[row], counts[model.vocabulary[row]], values, model.song_shares[row]
        )
        for row, values in zip(rows.tolist(), evidence, strict=True)
    )
