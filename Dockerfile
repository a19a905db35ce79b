FROM python:3.12-slim-bookworm AS base
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    fonts-liberation fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=ksb.settings.production

FROM base AS build
RUN python -m venv /opt/venv
COPY requirements.txt requirements-dev.txt /tmp/
RUN pip install --no-cache-dir -r /tmp/requirements.txt
WORKDIR /srv/ksb
COPY . .
# Babel is needed for this step alone; it goes into a folder that is not copied.
RUN grep '^babel==' requirements-dev.txt > /tmp/babel.txt \
 && pip install --no-cache-dir --target /tmp/babel -r /tmp/babel.txt \
 && PYTHONPATH=/tmp/babel python bin/messages.py compile \
 && python -m compileall -q . /opt/venv
# Collecting files reaches no server; the names only satisfy the settings.
RUN SECRET_KEY=build DATABASE_URL=postgresql://build/build REDIS_URL=redis://build EMAIL_URL=smtp://build \
    ALLOWED_HOSTS=build CSRF_TRUSTED_ORIGINS=https://build PUBLIC_ADDRESS=https://build MEDIA_ROOT=/tmp INBOX_DIR=/tmp \
    python manage.py collectstatic --noinput --verbosity 0

FROM base
RUN useradd --system --uid 10001 --no-create-home ksb && install -d -o ksb -g ksb /srv/media /srv/inbox /srv/var
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/ksb /srv/ksb
WORKDIR /srv/ksb
ENV VAR_DIR=/srv/var MEDIA_ROOT=/srv/media INBOX_DIR=/srv/inbox
USER ksb
EXPOSE 8000
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--workers=2", "--blocking-threads=8", \
     "--respawn-failed-workers", "--no-ws", "ksb.wsgi:application"]
