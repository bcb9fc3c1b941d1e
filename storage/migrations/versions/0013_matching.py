"""Which cases suit a mediator, when they are there, and how a case goes to another one."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.known_values import Known, narrow, widen

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_KNOWN: tuple[Known, ...] = (
    (
        "entries",
        "kind",
        "'complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'erasure_request', 'letter_failed', 'rules_corrected'",
        "'complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'erasure_request', 'mediator_objection', 'mediator_unavailable', 'letter_failed', 'rules_corrected'",
    ),
    (
        "entries",
        "decision",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'request_erasure', 'cancel_erasure', 'accept_case', 'decline_case', 'recuse', 'ask_complainant', 'contact_institution', 'record_reply', 'propose_outcome', 'refer', 'declare_inadmissible', 'close_case', 'link_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'offer_case', 'reopen_case'",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'request_erasure', 'cancel_erasure', 'accept_case', 'decline_case', 'recuse', 'ask_complainant', 'contact_institution', 'record_reply', 'propose_outcome', 'refer', 'declare_inadmissible', 'close_case', 'link_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'offer_case', 'reassign', 'assign_adviser', 'reopen_case'",
    ),
    (
        "entry_outcomes",
        "refusal",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'term_passed', 'no_extension', 'needs_consent', 'statutory_term', 'signposting_only', 'nothing_to_decide', 'ground_missing', 'already_taken', 'day_impossible', 'already_done', 'not_allowed'",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'advises', 'mediates', 'objected_before', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'term_passed', 'no_extension', 'needs_consent', 'statutory_term', 'signposting_only', 'nothing_to_decide', 'ground_missing', 'already_taken', 'day_impossible', 'already_done', 'not_allowed'",
    ),
    (
        "letters",
        "letter",
        "'acknowledgement', 'reopened', 'case_offer', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'question_to_complainant', 'question_to_institution', 'answer_reminder', 'message_to_institution', 'consent_revoked', 'name_withdrawn', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution', 'new_receipt_code'",
        "'acknowledgement', 'reopened', 'case_offer', 'case_moved', 'mediator_changed', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'question_to_complainant', 'question_to_institution', 'answer_reminder', 'message_to_institution', 'consent_revoked', 'name_withdrawn', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution', 'new_receipt_code'",
    ),
    (
        "overviews",
        "attention",
        "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'danger', 'policy_corrected', 'workflow_missing'",
        "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'mediator_unavailable', 'danger', 'policy_corrected', 'workflow_missing'",
    ),
)

_KINDS = "'municipality', 'national_service', 'police', 'bank_private', 'bank_business', 'care_institution', 'health_insurer', 'other_insurer', 'landlord', 'operator', 'other'"
_REGIONS = "'drenthe', 'flevoland', 'fryslan', 'gelderland', 'groningen', 'limburg', 'noord_brabant', 'noord_holland', 'overijssel', 'utrecht', 'zeeland', 'zuid_holland'"
_CONFLICTS = "'works_there', 'family', 'knows_complainant', 'interest', 'other'"

_OF_STAFF = {
    "kinds_known": f"institution_kinds <@ ARRAY[{_KINDS}]::varchar[]",
    "regions_known": f"regions <@ ARRAY[{_REGIONS}]::varchar[]",
    "days_of_the_week": "working_days <@ '{1,2,3,4,5,6,7}'::smallint[]",
    "capacity_not_negative": "capacity >= 0",
}


def upgrade() -> None:
    """Apply this migration."""
    widen(_KNOWN)
    op.add_column("institutions", sa.Column("region", sa.String(length=40), nullable=True))
    op.create_check_constraint(
        op.f("ck_institutions_region_known"), "institutions", f"region IN ({_REGIONS})"
    )
    _add_to_the_staff()
    op.create_table(
        "staff_absences",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_staff_absences_days_in_order")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_members.id"], name=op.f("fk_staff_absences_staff_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", "first_day", name=op.f("pk_staff_absences")),
    )
    _add_conflicts()
    op.create_index(
        op.f("ix_cases_institution_id_opened_at"), "cases", ["institution_id", "opened_at"]
    )
    op.create_index(
        "ix_letters_offers",
        "letters",
        ["mediator_id", "queued_at"],
        postgresql_where=sa.text("letter = 'case_offer'"),
    )


def _add_to_the_staff() -> None:
    nothing = sa.text("'{}'")
    for column in (
        sa.Column(
            "institution_kinds",
            sa.ARRAY(sa.String(length=20)),
            server_default=nothing,
            nullable=False,
        ),
        sa.Column(
            "regions", sa.ARRAY(sa.String(length=20)), server_default=nothing, nullable=False
        ),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column(
            "working_days",
            sa.ARRAY(sa.SmallInteger()),
            server_default=sa.text("'{1,2,3,4,5}'"),
            nullable=False,
        ),
    ):
        op.add_column("staff_members", column)
    for name, condition in _OF_STAFF.items():
        op.create_check_constraint(op.f(f"ck_staff_members_{name}"), "staff_members", condition)


def _add_conflicts() -> None:
    name = "staff_conflicts"
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.String(length=60), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(institution_id, case_id) = 1", name=op.f(f"ck_{name}_with_one_thing")
        ),
        sa.CheckConstraint(f"kind IN ({_CONFLICTS})", name=op.f(f"ck_{name}_kind_known")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_members.id"], name=op.f(f"fk_{name}_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f(f"fk_{name}_institution_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f(f"fk_{name}_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(
            "staff_id", "institution_id", name=op.f(f"uq_{name}_staff_id_institution_id")
        ),
        sa.UniqueConstraint("staff_id", "case_id", name=op.f(f"uq_{name}_staff_id_case_id")),
    )
    op.create_index(op.f(f"ix_{name}_case_id"), name, ["case_id"])


def downgrade() -> None:
    """Undo this migration; fails when a case has a value that there was not."""
    op.drop_index("ix_letters_offers", table_name="letters")
    op.drop_index(op.f("ix_cases_institution_id_opened_at"), table_name="cases")
    op.drop_table("staff_conflicts")
    op.drop_table("staff_absences")
    for name in _OF_STAFF:
        op.drop_constraint(op.f(f"ck_staff_members_{name}"), "staff_members", type_="check")
    for column in ("working_days", "capacity", "regions", "institution_kinds"):
        op.drop_column("staff_members", column)
    op.drop_constraint(op.f("ck_institutions_region_known"), "institutions", type_="check")
    op.drop_column("institutions", "region")
    narrow(_KNOWN)
