"""The foundation: cases, their entries and letters, and the people around them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this migration."""
    op.create_table(
        "institutions",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact_address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('municipality', 'national_service', 'police', 'bank_private', 'bank_business', 'care_institution', 'health_insurer', 'other_insurer', 'other')",
            name=op.f("ck_institutions_kind_known"),
        ),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_institutions_language_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institutions")),
    )
    op.create_table(
        "staff_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.String(length=20)), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "language IN ('nl', 'en')", name=op.f("ck_staff_members_language_known")
        ),
        sa.CheckConstraint(
            "role IN ('complainant', 'mediator', 'institution', 'supervisor', 'portal')",
            name=op.f("ck_staff_members_role_known"),
        ),
        sa.CheckConstraint(
            "role IN ('mediator', 'supervisor')", name=op.f("ck_staff_members_role_of_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_members")),
        sa.UniqueConstraint("subject", name=op.f("uq_staff_members_subject")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=13), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("lifecycle", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.String(length=60), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("workflow_started", sa.Boolean(), nullable=False),
        sa.Column(
            "time_offset", sa.Interval(), server_default=sa.text("'0'::interval"), nullable=False
        ),
        sa.CheckConstraint(
            "lifecycle IN ('open', 'closed', 'erase_due')", name=op.f("ck_cases_lifecycle_known")
        ),
        sa.CheckConstraint("episode >= 1", name=op.f("ck_cases_episode_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_cases_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_table(
        "entries",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("institution_id", sa.String(length=60), nullable=True),
        sa.Column("mediator_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=40), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "audience IN ('mediator_only', 'complainant', 'institution', 'both_sides')",
            name=op.f("ck_entries_audience_known"),
        ),
        sa.CheckConstraint(
            "author IN ('complainant', 'mediator', 'institution', 'supervisor', 'portal')",
            name=op.f("ck_entries_author_known"),
        ),
        sa.CheckConstraint(
            "decision IN ('give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_case', 'decline_case', 'recuse', 'propose_outcome', 'close_case', 'offer_case', 'reopen_case')",
            name=op.f("ck_entries_decision_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('complaint', 'message', 'consent', 'response', 'withdrawal', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'letter_failed')",
            name=op.f("ck_entries_kind_known"),
        ),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_entries_language_known")),
        sa.CheckConstraint(
            "outcome IN ('settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred')",
            name=op.f("ck_entries_outcome_known"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_entries_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["staff_members.id"], name=op.f("fk_entries_actor_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_entries_case_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_entries_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["staff_members.id"], name=op.f("fk_entries_mediator_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_entries")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("body_mac", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("entry_number", sa.Integer(), nullable=False),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_idempotency_keys_case_id")
        ),
        sa.PrimaryKeyConstraint("lookup", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        op.f("ix_idempotency_keys_case_id"), "idempotency_keys", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_idempotency_keys_expires_at"), "idempotency_keys", ["expires_at"], unique=False
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("letter", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("mediator_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("about", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_letters_language_known")),
        sa.CheckConstraint(
            "letter IN ('acknowledgement', 'reopened', 'case_offer', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_passed', 'institution_silent', 'message_to_institution', 'consent_revoked', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution')",
            name=op.f("ck_letters_letter_known"),
        ),
        sa.CheckConstraint(
            "recipient IN ('complainant', 'mediator', 'institution', 'supervisor', 'portal')",
            name=op.f("ck_letters_recipient_known"),
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'in_file', 'sent', 'failed', 'cancelled')",
            name=op.f("ck_letters_status_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letters_case_id")),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["staff_members.id"], name=op.f("fk_letters_mediator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint(
            "case_id", "episode", "key", name=op.f("uq_letters_case_id_episode_key")
        ),
    )
    op.create_index(op.f("ix_letters_case_id"), "letters", ["case_id"], unique=False)
    op.create_index(
        "ix_letters_queued",
        "letters",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_table(
        "overviews",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("waiting_for", sa.String(length=40), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("term_source", sa.String(length=100), nullable=True),
        sa.Column("mediator_id", sa.Uuid(), nullable=True),
        sa.Column("offered_id", sa.Uuid(), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("contacted", sa.Boolean(), nullable=False),
        sa.Column("replied", sa.Boolean(), nullable=False),
        sa.Column("proposal", sa.String(length=40), nullable=True),
        sa.Column("proposed_in", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("attention", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "attention IN ('no_mediator', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'workflow_missing')",
            name=op.f("ck_overviews_attention_known"),
        ),
        sa.CheckConstraint(
            "outcome IN ('settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred')",
            name=op.f("ck_overviews_outcome_known"),
        ),
        sa.CheckConstraint(
            "proposal IN ('settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred')",
            name=op.f("ck_overviews_proposal_known"),
        ),
        sa.CheckConstraint(
            "stage IN ('received', 'finding_mediator', 'awaiting_consent', 'awaiting_institution', 'hearing_both_sides', 'outcome_proposed', 'closed')",
            name=op.f("ck_overviews_stage_known"),
        ),
        sa.CheckConstraint(
            "waiting_for IN ('mediator_available', 'mediator_accepts', 'complainant_consents', 'institution_replies', 'mediator_proposes', 'complainant_responds')",
            name=op.f("ck_overviews_waiting_for_known"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_overviews_case_id")),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["staff_members.id"], name=op.f("fk_overviews_mediator_id")
        ),
        sa.ForeignKeyConstraint(
            ["offered_id"], ["staff_members.id"], name=op.f("fk_overviews_offered_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_overviews")),
    )
    op.create_index(op.f("ix_overviews_attention"), "overviews", ["attention"], unique=False)
    op.create_index(op.f("ix_overviews_mediator_id"), "overviews", ["mediator_id"], unique=False)
    op.create_index(op.f("ix_overviews_offered_id"), "overviews", ["offered_id"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_receipts_case_id")),
        sa.PrimaryKeyConstraint("lookup", name=op.f("pk_receipts")),
    )
    op.create_index(op.f("ix_receipts_case_id"), "receipts", ["case_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_sessions_case_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_case_id"), "sessions", ["case_id"], unique=False)
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)
    op.create_table(
        "entry_outcomes",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("refusal", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal IS NOT NULL)",
            name=op.f("ck_entry_outcomes_refused_with_reason"),
        ),
        sa.CheckConstraint(
            "refusal IN ('closed', 'not_now', 'not_assigned', 'not_offered', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'not_allowed')",
            name=op.f("ck_entry_outcomes_refusal_known"),
        ),
        sa.CheckConstraint(
            "status IN ('undelivered', 'delivered', 'applied', 'refused')",
            name=op.f("ck_entry_outcomes_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id", "number"],
            ["entries.case_id", "entries.number"],
            name=op.f("fk_entry_outcomes_case_id_number"),
        ),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_entry_outcomes")),
    )
    op.create_index(
        "ix_entry_outcomes_unsettled",
        "entry_outcomes",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('undelivered', 'delivered')"),
    )
    op.create_table(
        "reply_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reply_links_case_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_reply_links_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_reply_links_letter_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_reply_links")),
    )
    op.create_index(op.f("ix_reply_links_case_id"), "reply_links", ["case_id"], unique=False)
    op.create_index(op.f("ix_reply_links_letter_id"), "reply_links", ["letter_id"], unique=False)

    op.execute(
        """
        CREATE FUNCTION refuse_change_of_entries() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND current_setting('wederhoor.erasing', true) = 'on' THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'the case file is append-only';
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER entries_are_append_only BEFORE UPDATE OR DELETE ON entries
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_entries()
        """
    )


def downgrade() -> None:
    """Undo this migration."""
    op.execute("DROP TRIGGER entries_are_append_only ON entries")
    op.execute("DROP FUNCTION refuse_change_of_entries()")
    op.drop_index(op.f("ix_reply_links_letter_id"), table_name="reply_links")
    op.drop_index(op.f("ix_reply_links_case_id"), table_name="reply_links")
    op.drop_table("reply_links")
    op.drop_index(
        "ix_entry_outcomes_unsettled",
        table_name="entry_outcomes",
        postgresql_where=sa.text("status IN ('undelivered', 'delivered')"),
    )
    op.drop_table("entry_outcomes")
    op.drop_index(op.f("ix_sessions_expires_at"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_case_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_receipts_case_id"), table_name="receipts")
    op.drop_table("receipts")
    op.drop_index(op.f("ix_overviews_offered_id"), table_name="overviews")
    op.drop_index(op.f("ix_overviews_mediator_id"), table_name="overviews")
    op.drop_index(op.f("ix_overviews_attention"), table_name="overviews")
    op.drop_table("overviews")
    op.drop_index(
        "ix_letters_queued", table_name="letters", postgresql_where=sa.text("status = 'queued'")
    )
    op.drop_index(op.f("ix_letters_case_id"), table_name="letters")
    op.drop_table("letters")
    op.drop_index(op.f("ix_idempotency_keys_expires_at"), table_name="idempotency_keys")
    op.drop_index(op.f("ix_idempotency_keys_case_id"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_table("entries")
    op.drop_table("cases")
    op.drop_table("staff_members")
    op.drop_table("institutions")
