# Footnote as a server, for users who sign in: docs/serving.md says how to run it.
FROM python:3.11.14-slim-bookworm AS build
# A smaller image without CUDA: pass the address of torch's builds for the CPU as PIP_EXTRA_INDEX_URL.
ARG PIP_EXTRA_INDEX_URL=""
RUN python -m venv /opt/footnote
ENV PATH="/opt/footnote/bin:$PATH"
WORKDIR /src
# What changes seldom comes first, and stays in the cache.
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check -c requirements.lock torch sentence-transformers chromadb gradio
COPY pyproject.toml README.md LICENSE ./
COPY assistant assistant
COPY index index
COPY prompts prompts
RUN pip install --no-cache-dir --disable-pip-version-check -c requirements.lock ".[postgres,openai,anthropic,ollama]"

FROM python:3.11.14-slim-bookworm
RUN groupadd --gid 10001 footnote \
    && useradd --uid 10001 --gid footnote --home-dir /data --no-create-home --shell /usr/sbin/nologin footnote \
    && install --directory --owner footnote --group footnote --mode 0700 /data
COPY --from=build /opt/footnote /opt/footnote
ENV PATH="/opt/footnote/bin:$PATH" \
    ASSISTANT_HOME=/data \
    HF_HUB_OFFLINE=1 \
    HF_HUB_DISABLE_TELEMETRY=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
# No .env file can lie here.
WORKDIR /
VOLUME ["/data"]
EXPOSE 7860
# Not urllib, which would ask a proxy for this machine.
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 CMD ["python", "-c", "\
import http.client, sys; \
server = http.client.HTTPConnection('127.0.0.1', 7860, timeout=8); \
server.request('GET', '/health'); \
sys.exit(server.getresponse().status != 200)"]
ENTRYPOINT ["assistant"]
# Without ASSISTANT_AUTH it refuses to start: others can reach it.
CMD ["serve", "--host", "0.0.0.0", "--watch"]
