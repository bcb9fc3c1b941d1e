"""The indexes by which cases are listed, counted and searched."""

from sqlalchemy import Index, text

WORDS_OF_NAME = (
    "to_tsvector('simple'::regconfig,"
    " regexp_replace(normalize(lower(name), NFKD), '[\\u0300-\\u036f]', '', 'g'))"
)
"""The words of an institution's name, without accents: the servers have no ``unaccent``."""

WORDS_OF_NUMBER = "to_tsvector('simple'::regconfig, translate(number, '-', ' '))"
"""The parts of a case number."""

OF_INSTITUTIONS = Index("ix_institutions_words", text(WORDS_OF_NAME), postgresql_using="gin")
OF_CASES = Index("ix_cases_words", text(WORDS_OF_NUMBER), postgresql_using="gin")

_ACTIVE = text("active")
OF_OVERVIEWS = (
    Index("ix_overviews_place_case_id", "place", "case_id"),
    Index("ix_overviews_active", "place", "case_id", postgresql_where=_ACTIVE),
    Index("ix_overviews_stage_place_case_id", "stage", "place", "case_id"),
    Index("ix_overviews_institution_id_place_case_id", "institution_id", "place", "case_id"),
    Index(
        "ix_overviews_about_kind",
        "about_kind",
        "place",
        "case_id",
        postgresql_where=text("about_kind IS NOT NULL"),
    ),
    Index(
        "ix_overviews_mediator_id_active_place_case_id", "mediator_id", "active", "place", "case_id"
    ),
    Index("ix_overviews_waiting_for", "waiting_for", "place", "case_id", postgresql_where=_ACTIVE),
    Index("ix_overviews_due", "due_at", postgresql_where=_ACTIVE),
    Index(
        "ix_overviews_attention",
        "attention",
        "place",
        "case_id",
        postgresql_where=text("attention IS NOT NULL"),
    ),
    Index("ix_overviews_counted", "stage", "waiting_for", "case_id", postgresql_where=_ACTIVE),
)
