# The tracker in a container: web, worker and beat are the same image with another command
# (compose.yaml). What is installed is the lock, checked against its hashes.
FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE= PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --create-home --uid 10001 tracker
WORKDIR /srv/tracker
COPY requirements.lock .
RUN pip install --no-deps --require-hashes --requirement requirements.lock
COPY . .
# Translations as programs read them, and static files under their hashes. The values are needed
# to read the settings and are not kept.
RUN pybabel --quiet compile --directory locale --domain django \
    && SECRET_KEY=only-for-this-line DATABASE_URL=postgresql://nobody@localhost/none \
       REDIS_URL=redis://localhost SITE_URL=https://localhost \
       python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p .local /data/captures /data/packages /data/backups /data/host && chown tracker .local /data/*
USER tracker
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "tracker.wsgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "1", "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600", "--backpressure", "64", "--no-ws"]
