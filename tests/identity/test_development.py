"""The development issuer: its own tokens, for us, now; everything else is simply invalid."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from identity.development import AUDIENCE, LIFETIME, DevelopmentIssuer, InvalidToken

KEY, ANOTHER_KEY = bytes(range(32)), bytes(32)
NAME = "wederhoor-development"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ISSUER = DevelopmentIssuer(KEY, NAME)
CLAIMS: dict[str, Any] = {
    "iss": NAME,
    "aud": AUDIENCE,
    "sub": "mediator-1",
    "iat": int(NOW.timestamp()),
    "exp": int((NOW + LIFETIME).timestamp()),
}


def signed(claims: dict[str, Any], *, key: bytes = KEY, algorithm: str = "HS256") -> str:
    header = {"alg": algorithm}
    return jwt.encode(header, claims, OctKey.import_key(key), algorithms=[algorithm])


def unsigned(header: dict[str, Any], payload: object, signature: str = "") -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in (header, payload)
    ]
    return ".".join([*parts, signature])


class TestAToken:
    def test_says_whose_it_is(self) -> None:
        assert ISSUER.subject_of(ISSUER.issue("mediator-1", NOW), NOW) == "mediator-1"

    def test_of_these_tests_is_valid_before_it_is_spoilt(self) -> None:
        assert ISSUER.subject_of(signed(CLAIMS), NOW) == "mediator-1"

    def test_is_valid_for_its_lifetime(self) -> None:
        token = ISSUER.issue("mediator-1", NOW, timedelta(minutes=5))
        assert ISSUER.subject_of(token, NOW + timedelta(minutes=5) - SECOND) == "mediator-1"

    @pytest.mark.parametrize("late", [SECOND, timedelta(days=365)])
    def test_is_not_valid_after_it(self, late: timedelta) -> None:
        token = ISSUER.issue("mediator-1", NOW)
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(token, NOW + LIFETIME + late)

    def test_is_not_valid_before_it_was_issued(self) -> None:
        token = ISSUER.issue("mediator-1", NOW)
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(token, NOW - timedelta(days=1))

    def test_under_another_key_is_not_valid(self) -> None:
        token = DevelopmentIssuer(ANOTHER_KEY, NAME).issue("mediator-1", NOW)
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(token, NOW)

    def test_of_another_issuer_with_our_key_is_not_valid(self) -> None:
        token = DevelopmentIssuer(KEY, "somebody-else").issue("mediator-1", NOW)
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(token, NOW)

    @pytest.mark.parametrize("audience", ["another-api", ["another-api"], "", None])
    def test_for_another_audience_is_not_valid(self, audience: object) -> None:
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(signed(CLAIMS | {"aud": audience}), NOW)

    @pytest.mark.parametrize("claim", CLAIMS)
    def test_without_any_one_claim_is_not_valid(self, claim: str) -> None:
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(signed({k: v for k, v in CLAIMS.items() if k != claim}), NOW)

    @pytest.mark.parametrize(
        "spoilt",
        [
            {"exp": "tomorrow"},
            {"exp": None},
            {"iat": "yesterday"},
            {"sub": ""},
            {"sub": None},
            {"sub": ["mediator-1"]},
            {"sub": {"id": "mediator-1"}},
            {"iss": [NAME]},
        ],
    )
    def test_with_a_claim_of_another_form_is_not_valid(self, spoilt: dict[str, Any]) -> None:
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(signed(CLAIMS | spoilt), NOW)

    @pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "None"}, {"alg": "NONE"}, {}])
    @pytest.mark.parametrize("signature", ["", "c2lnbmF0dXJl"])
    def test_without_a_signature_is_not_valid(self, header: dict[str, Any], signature: str) -> None:
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(unsigned(header, CLAIMS, signature), NOW)

    @pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
    def test_signed_in_another_way_is_not_valid(self, algorithm: str) -> None:
        token = signed(CLAIMS, algorithm=algorithm, key=KEY)
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(token, NOW)

    def test_whose_claims_were_changed_is_not_valid(self) -> None:
        header, _, signature = ISSUER.issue("mediator-1", NOW).split(".")
        _, claims, _ = unsigned({}, CLAIMS | {"sub": "supervisor-1"}).split(".")
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(f"{header}.{claims}.{signature}", NOW)

    @pytest.mark.parametrize(
        "garbage", ["", ".", "..", "...", "a.b.c", "Bearer x", "\x00", "é.é.é", "a" * 10_000]
    )
    def test_is_not_just_any_text(self, garbage: str) -> None:
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(garbage, NOW)

    @given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*){2}"))
    def test_is_never_anything_worse_than_invalid(self, text: str) -> None:
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(text, NOW)

    @pytest.mark.parametrize("payload", [[], "text", 7, None, True])
    def test_whose_payload_is_no_object_is_not_valid(self, payload: object) -> None:
        with pytest.raises(InvalidToken):
            ISSUER.subject_of(unsigned({"alg": "HS256"}, payload, "c2ln"), NOW)

    def test_that_is_not_valid_says_nothing_more(self) -> None:
        with pytest.raises(InvalidToken) as refused:
            ISSUER.subject_of("geplant", NOW)
        assert str(refused.value) == ""
