"""The words of the paper and of this app, in one sentence each."""

import streamlit as st

TERMS: dict[str, str] = {
    "aggregation": "Making one verdict for the song from the scores of its frames: mean, geometric "
    "mean, majority vote or kNN.",
    "amplitude": "How far the wave swings out: large is loud.",
    "batch normalisation": "Brings the numbers inside the network to a common scale, so that it "
    "learns faster.",
    "column": "One step of the STFT along time; many columns side by side are a spectrogram. (In "
    "other texts this is called a frame; here a frame is half a minute.)",
    "confidence": "The score of the verdict’s genre: what the network says of itself.",
    "confusion matrix": "A table of true genres against named ones: what is taken for what.",
    "convolution": "Sliding a small filter over a picture and writing down its answer at each "
    "place.",
    "CRNN": "Convolutional recurrent neural network: convolutions that find patterns, then a "
    "recurrent part that reads them in order.",
    "decibel (dB)": "A step of loudness by ratio: ten times the power is 10 dB more, twice the "
    "amplitude 6 dB.",
    "dropout": "While learning, some numbers are set to zero at random, so that the network relies "
    "on no single one.",
    "feature map": "The answers of one filter, place by place.",
    "fine-tuning (transfer learning)": "Using what a network has learnt from another task, here "
    "from the tags of a million songs.",
    "frame": "A piece of the song, 29.12 s by default, that is judged by itself.",
    "frequency": "Swings a second, in hertz (Hz): high is a high tone.",
    "genre": "One of the labels of the collection that the network learnt from; no law of nature.",
    "GRU": "Gated recurrent unit: a recurrent part with gates for what it keeps and what it "
    "forgets.",
    "GTZAN": "The collection of 1,000 clips in ten genres (Tzanetakis and Cook 2002) that the "
    "network learnt from and is tested on.",
    "kNN": "k nearest neighbours: a song is named as the known songs with the most similar scores.",
    "log-amplitude mel-spectrogram": "Mel bands over time in decibels: the network’s input.",
    "logit": "What the last layer says of a genre before the softmax; any number.",
    "max-pooling": "Keeping the strongest answer of each small patch, so that maps shrink.",
    "mel band": "A range of frequencies; all bands sound about equally wide.",
    "sample": "One number of the wave; the sample rate says how many a second.",
    "score": "What the network gives a genre, in percent; all of them add up to 100.",
    "softmax": "Turns logits into scores.",
    "spectrogram": "How strong each frequency is at each time, as a picture.",
    "state": "The memory of a recurrent part: a short list of numbers that changes at every step.",
    "STFT": "Short-time Fourier transform: the frequencies of many short windows, one after the "
    "other.",
    "temperature": "Divides the logits before the softmax: how sure the network sounds.",
    "verdict": "The song’s genre after aggregation.",
    "window (n_fft)": "The short piece of the wave that one column of the STFT looks at, 512 "
    "samples here.",
}


def glossary() -> None:
    """Show the words, folded."""
    with st.expander("Glossary: the words of the paper", icon=":material/menu_book:"):
        st.markdown("\n".join(f"- **{term}**: {meaning}" for term, meaning in TERMS.items()))
