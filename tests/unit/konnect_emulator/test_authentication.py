# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins of the data plane that tell who sends a request: keys, passwords, tokens, signatures, sessions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from email.utils import formatdate
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def word() -> str:
    return f"fake-{uuid.uuid4()}"


def encoded(part: Any) -> str:
    content = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def token(key: str, secret: str, algorithm: str = "HS256", **claims: Any) -> str:
    signed = f"{encoded({'alg': algorithm, 'typ': 'JWT'})}.{encoded({'iss': key, **claims})}"
    return f"{signed}.{encoded(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())}"


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


# --- keys


def test_a_key_tells_the_upstream_its_consumer(proxied: Any) -> None:
    key = word()
    consumer = proxied.add_consumer(key_auth={"key": key})
    proxied.add_plugin("key-auth")
    headers = proxied.upstream_headers(headers={"apikey": key})
    assert headers["X-Consumer-Id"] == consumer["id"]
    assert headers["X-Consumer-Username"] == consumer["username"]
    assert "X-Anonymous-Consumer" not in headers


@pytest.mark.parametrize(("hidden", "arrives"), [(True, False), (False, True)])
def test_a_key_arrives_unless_it_is_hidden(proxied: Any, hidden: bool, arrives: bool) -> None:
    key = word()
    proxied.add_consumer(key_auth={"key": key})
    proxied.add_plugin("key-auth", {"hide_credentials": hidden})
    assert ("Apikey" in proxied.upstream_headers(headers={"apikey": key})) == arrives
    assert ("apikey" in proxied.request(params={"apikey": key}).json()["args"]) == arrives


def test_a_key_has_the_name_that_the_plugin_asks_for(proxied: Any) -> None:
    key = word()
    proxied.add_consumer(key_auth={"key": key})
    proxied.add_plugin("key-auth", {"key_names": ["x-my-key"]})
    assert proxied.request(headers={"apikey": key}).status_code == 401
    assert proxied.request(headers={"X-My-Key": key}).status_code == 200


def test_a_key_in_the_body_is_removed_from_it(proxied: Any) -> None:
    key = word()
    proxied.add_consumer(key_auth={"key": key})
    proxied.add_plugin("key-auth", {"key_in_body": True})
    assert proxied.request("POST", json={"apikey": key, "a": 1}).json()["json"] == {"a": 1}


def test_two_keys_are_refused(proxied: Any) -> None:
    proxied.add_plugin("key-auth")
    response = proxied.request(params={"apikey": ["one", "two"]})
    assert (response.status_code, response.json()["message"]) == (401, "Duplicate API key found")


def test_a_preflight_may_pass_without_a_key(proxied: Any) -> None:
    proxied.add_plugin("key-auth", {"run_on_preflight": False})
    assert proxied.request("OPTIONS").status_code == 200


# --- the anonymous consumer, and several plugins


def test_who_has_no_key_may_be_the_anonymous_consumer(proxied: Any) -> None:
    anonymous = proxied.add_consumer()
    proxied.add_plugin("key-auth", {"anonymous": anonymous["username"]})
    headers = proxied.upstream_headers()
    assert (headers["X-Consumer-Id"], headers["X-Anonymous-Consumer"]) == (anonymous["id"], "true")


def test_an_anonymous_consumer_that_does_not_exist_is_a_500(proxied: Any) -> None:
    proxied.add_plugin("key-auth", {"anonymous": "nobody"})
    response = proxied.request()
    assert response.status_code == 500
    assert response.json()["message"] == "anonymous consumer nobody is configured but doesn't exist"


def test_with_an_anonymous_consumer_one_of_two_plugins_is_enough(proxied: Any) -> None:
    user, password, anonymous = word(), word(), proxied.add_consumer()
    consumer = proxied.add_consumer(basic_auth={"username": user, "password": password})
    for name in ("key-auth", "basic-auth"):
        proxied.add_plugin(name, {"anonymous": anonymous["id"]})
    assert proxied.upstream_headers(headers=basic(user, password))["X-Consumer-Id"] == consumer["id"]
    assert proxied.upstream_headers()["X-Consumer-Id"] == anonymous["id"]


def test_without_one_both_plugins_have_to_agree(proxied: Any) -> None:
    user, key = word(), word()
    proxied.add_consumer(basic_auth={"username": user, "password": "fake"}, key_auth={"key": key})
    for name in ("key-auth", "basic-auth"):
        proxied.add_plugin(name)
    assert proxied.request(headers=basic(user, "fake")).status_code == 401
    assert proxied.request(headers={**basic(user, "fake"), "apikey": key}).status_code == 200


# --- passwords


@pytest.mark.parametrize(("password", "status"), [("fake-password", 200), ("wrong", 401)])
def test_a_password_is_compared_with_its_hash(proxied: Any, password: str, status: int) -> None:
    user = word()
    proxied.add_consumer(basic_auth={"username": user, "password": "fake-password"})
    proxied.add_plugin("basic-auth", {"realm": "ours"})
    response = proxied.request(headers=basic(user, password))
    assert response.status_code == status
    assert response.headers.get("WWW-Authenticate") == (None if status == 200 else 'Basic realm="ours"')


@pytest.mark.parametrize("value", ["Basic wrongpassword", "Basic !", "Basic bm8tY29sb24=", "Other word"])
def test_what_is_no_password_is_refused(proxied: Any, value: str) -> None:
    proxied.add_plugin("basic-auth")
    assert proxied.request(headers={"Authorization": value}).status_code == 401


# --- tokens


def test_a_token_is_that_of_its_issuer(proxied: Any) -> None:
    key, secret = word(), word()
    consumer = proxied.add_consumer(jwt={"key": key, "secret": secret})
    proxied.add_plugin("jwt")
    bearer = {"Authorization": f"Bearer {token(key, secret)}"}
    assert proxied.upstream_headers(headers=bearer)["X-Consumer-Id"] == consumer["id"]
    assert proxied.request(params={"jwt": token(key, secret)}).status_code == 200


def test_a_token_may_be_signed_by_rsa(proxied: Any) -> None:
    key, private = word(), rsa.generate_private_key(65537, 2048)
    pem = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    proxied.add_consumer(jwt={"key": key, "algorithm": "RS256", "rsa_public_key": pem.decode()})
    proxied.add_plugin("jwt")
    signed = f"{encoded({'alg': 'RS256'})}.{encoded({'iss': key})}"
    good = private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    for signature, status in ((good, 200), (good[::-1], 401)):
        bearer = {"Authorization": f"Bearer {signed}.{encoded(signature)}"}
        assert proxied.request(headers=bearer).status_code == status


@pytest.mark.parametrize(
    ("bad_token", "message"),
    [
        ("", "Unauthorized"),
        ("no.token", "Bad token; invalid JSON"),
        (token("unknown-issuer", "fake"), "No credentials found for given 'iss'"),
        (token("", "fake"), "No mandatory 'iss' in claims"),
    ],
)
def test_a_token_that_says_nothing_is_refused(proxied: Any, bad_token: str, message: str) -> None:
    proxied.add_plugin("jwt")
    response = proxied.request(headers={"Authorization": f"Bearer {bad_token}"} if bad_token else {})
    assert (response.status_code, response.json()) == (401, {"message": message})
    assert response.headers["WWW-Authenticate"] == ('Bearer error="invalid_token"' if bad_token else "Bearer")


@pytest.mark.parametrize(
    ("change", "body"),
    [
        ({"secret": "another"}, {"message": "Invalid signature"}),
        ({"algorithm": "HS512"}, {"message": "Invalid algorithm"}),
        ({"exp": 1}, {"exp": "token expired"}),
        ({"nbf": 3_900_000_000}, {"nbf": "token not valid yet"}),
        ({"exp": "never"}, {"exp": "must be a number"}),
    ],
)
def test_a_token_that_is_not_valid_is_refused(proxied: Any, change: dict[str, Any], body: dict[str, str]) -> None:
    key = word()
    proxied.add_consumer(jwt={"key": key, "secret": "fake-secret"})
    proxied.add_plugin("jwt", {"claims_to_verify": ["exp", "nbf"]})
    claims = {"secret": "fake-secret", "exp": 4_000_000_000, "nbf": 1, **change}
    response = proxied.request(headers={"Authorization": f"Bearer {token(key, **claims)}"})
    assert (response.status_code, response.json()) == (401, body)


# --- signatures


def signature(user: str, secret: str, date: str) -> dict[str, str]:
    signed = hmac.new(secret.encode(), f"date: {date}".encode(), hashlib.sha256).digest()
    value = f'hmac username="{user}", algorithm="hmac-sha256", headers="date", '
    return {"Date": date, "Authorization": f'{value}signature="{base64.b64encode(signed).decode()}"'}


def test_a_signature_is_checked(official: Any) -> None:
    user = word()
    official.add_consumer(hmac_auth={"username": user, "secret": "fake-secret"})
    official.add_plugin("hmac-auth", {"hide_credentials": True})
    now = formatdate(official.api.control("GET", "clock").json()["now_ms"] / 1000, usegmt=True)
    assert official.request(headers=signature(user, "fake-secret", now)).status_code == 200
    wrong = official.request(headers=signature(user, "another", now))
    assert (wrong.status_code, wrong.json()["message"]) == (401, "HMAC signature does not match")
    assert official.request(headers=signature(user, "fake-secret", formatdate(1))).status_code == 401
    assert official.request().json()["message"] == "Unauthorized"


# --- sessions


def test_a_cookie_stands_for_a_key(official: Any) -> None:
    key, anonymous = word(), official.add_consumer()
    consumer = official.add_consumer(key_auth={"key": key})
    official.add_plugin("session", {"cookie_secure": False})
    official.add_plugin("key-auth", {"anonymous": anonymous["id"]})
    assert "Set-Cookie" not in official.request().headers
    cookies = official.request(headers={"apikey": key}).cookies
    assert official.upstream_headers(cookies=cookies)["X-Consumer-Id"] == consumer["id"]
    assert official.upstream_headers(cookies={"session": "unknown"})["X-Consumer-Id"] == anonymous["id"]
