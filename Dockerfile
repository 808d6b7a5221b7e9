# The portal as one image: web server, Celery worker and beat, by the command given.
FROM python:3.11-slim-trixie

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/app/var \
    BACKUP_DIR=/app/backups \
    BIND=0.0.0.0 \
    PORT=8000

# pg_dump and pg_restore for backups: of the same version as the database in docker-compose.yml, or newer.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 naoberplek
WORKDIR /app

COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY manage.py ./
COPY portal portal
COPY villages villages
COPY bookings bookings
COPY templates templates
COPY static static
COPY locale locale

# The key only lets the settings load while the static files are collected; it is in no layer after. Whatever the umask was
# of who cloned or pulled: the portal's account may read its own code.
RUN chmod -R a+rX . \
    && SECRET_KEY=only-while-the-image-is-made python manage.py collectstatic --no-input --verbosity=0 \
    && mkdir -p var/media backups && chown -R naoberplek:naoberplek var backups && chmod 700 backups

USER 10001
EXPOSE 8000

CMD ["gunicorn", "--config", "portal/gunicorn_conf.py", "portal.wsgi:application"]
