# Wederhoor's API, worker and migrations in one image. The launcher and the tests stay outside:
# they belong to the embedded system, which production never uses.

FROM python:3.13-slim AS packages
COPY requirements/production.txt /packages/production.txt
RUN python -m venv /opt/wederhoor \
    && /opt/wederhoor/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r /packages/production.txt

FROM python:3.13-slim
ENV PATH=/opt/wederhoor/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN groupadd --gid 10001 wederhoor \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin wederhoor \
    && install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/wederhoor/erasures \
        /var/lib/wederhoor/attachments
COPY --from=packages /opt/wederhoor /opt/wederhoor
WORKDIR /wederhoor
COPY activities/ activities/
COPY api/ api/
COPY attachments/ attachments/
COPY catalogues/ catalogues/
COPY content/ content/
COPY delivery/ delivery/
COPY domain/ domain/
COPY explanations/ explanations/
COPY identity/ identity/
COPY mail/ mail/
COPY operations/ operations/
COPY printing/ printing/
COPY settings/ settings/
COPY storage/ storage/
COPY telemetry/ telemetry/
COPY temporal_client/ temporal_client/
COPY templates/ templates/
COPY watch/ watch/
COPY workflows/ workflows/
COPY alembic.ini worker.py LICENSE ./
COPY --chmod=755 setup/start-with-secrets /usr/local/bin/start-with-secrets
USER 10001:10001
ENTRYPOINT ["start-with-secrets"]
CMD ["python", "-m", "api"]
