# The register without a database: REGISTER_DATABASE_URL names one; compose.yaml contains one.
# Pin it by digest for production: docs/operations.md, "Containers".
ARG PYTHON_IMAGE=python:3.13-slim-bookworm
FROM ${PYTHON_IMAGE}

RUN apt-get update \
    && apt-get install --yes --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /srv/register register
USER register
WORKDIR /srv/register
COPY --chown=register . .

# With a database URL set-up installs no PostgreSQL; nothing connects to it during the build.
RUN REGISTER_DATABASE_URL=postgresql://elsewhere/register make setup \
    && rm -rf "$HOME/.cache" "$HOME/.npm"

ENV PATH=/srv/register/.local/venv/bin:$PATH \
    REGISTER_HOST=0.0.0.0 \
    REGISTER_PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
CMD ["sensor-register", "serve"]
