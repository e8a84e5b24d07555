# The page in a container:
#
#     docker build -t genre-core .
#     docker run --read-only --tmpfs /tmp -p 8501:8501 genre-core
#
# Debian's own Python, so that the steps can be tried in a bare Debian (docs/deployment.md).
FROM debian:bookworm-slim

# The packages bring FFmpeg, libsndfile and OpenMP along.
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv ca-certificates \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 --create-home genre
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    # numba wants a folder that it can write to, also where all others are read-only.
    NUMBA_CACHE_DIR=/tmp/numba \
    # One arena: what is freed after a song goes back to the system.
    MALLOC_ARENA_MAX=1

# The small build of torch, from its own index; the rest by hash. The lock has torch's CUDA build
# for Linux: its paragraphs are left out.
WORKDIR /app
COPY requirements.txt requirements.lock ./
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN python3 -m venv /opt/venv \
    && awk '/^[a-z]/ {keep = !/^(torch|triton|cuda-|nvidia-)/} keep' requirements.lock > cpu.lock \
    && pip install --no-cache-dir --no-deps --require-hashes -r cpu.lock \
    && pip install --no-cache-dir --no-deps --index-url $TORCH_INDEX \
        "$(sed -n 's/^\(torch==[0-9.]*\).*/\1+cpu/p' requirements.txt)" \
    && rm cpu.lock

COPY app.py server.py pyproject.toml LICENSE README.md ./
COPY .streamlit .streamlit
COPY assets assets
COPY genre_core genre_core

# As the user who runs it: fails if something is missing.
USER genre
RUN python -m genre_core analyse assets/demo/medley.mp3

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "streamlit", "run", "server.py", "--server.address", "0.0.0.0"]
