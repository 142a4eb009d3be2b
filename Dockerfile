# Inside a CNN in a container: on the CPU, as a user without rights, on a read-only file system.
#
#   docker build -t inside-a-cnn .
#   docker run --rm --read-only --tmpfs /tmp -p 8501:8501 inside-a-cnn
#
# docs/HOSTING.md says what it bears, and how to start it for a class or as a node of a cluster.

FROM python:3.11-slim-bookworm AS packages
# "cluster" adds Ray; TORCH=cu128 or another name that uv knows builds for a GPU.
ARG EXTRAS=""
ARG TORCH="cpu"
RUN pip install --no-cache-dir "uv>=0.7.14,<1" && python -m venv /opt/venv
COPY pyproject.toml /tmp/
RUN VIRTUAL_ENV=/opt/venv uv pip install --no-cache --compile-bytecode --torch-backend="$TORCH" \
        ${EXTRAS:+--extra "$EXTRAS"} -r /tmp/pyproject.toml

FROM python:3.11-slim-bookworm
# nginx stands before several servers. Its version is not pinned: Debian's stable release changes for security only.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends nginx-light \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --user-group --no-create-home --home-dir /tmp app
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY Home.py pyproject.toml README.md LICENSE ./
COPY .streamlit .streamlit
COPY assets assets
COPY explainer explainer
COPY pages pages
# Nothing can be written there later, so Python's bytecode is made now.
RUN /opt/venv/bin/python -m compileall -q explainer pages

# What is written goes to /tmp: networks and data sets that a visitor downloads last as long as the container, unless
# these two folders are a volume.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    EXPLAINER_CACHE=/tmp/explainer \
    TORCH_HOME=/tmp/torch \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=8501 \
    STREAMLIT_SERVER_HEADLESS=true
USER 1000
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://localhost:{os.environ[\"STREAMLIT_SERVER_PORT\"]}/_stcore/health', timeout=9)"]
# One server, or as many as EXPLAINER_SERVERS says behind nginx.
CMD ["sh", "-c", "if [ -n \"$EXPLAINER_SERVERS\" ]; then exec python -m explainer.serve --port \"$STREAMLIT_SERVER_PORT\"; else exec streamlit run Home.py; fi"]
