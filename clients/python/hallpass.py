"""A client of Hallpass: mint tokens, verify them offline, introspect and revoke them.

Needs Python 3.9, PyJWT 2.6 and cryptography. Verifies as docs/verifying.md and docs/revocation-feed.md say.
"""
import base64
import hashlib
import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import jwt

from hallpass_tokens import ALGORITHMS, decode, is_claims_of, is_feed, parse

SESSION_TYPES = ("widget-session+jwt", "at+jwt", "JWT")
LIFETIMES = {"bridge": 14_400, "widget-session": 900}
LEEWAY = 60


class HallpassError(Exception):
    """A call that Hallpass refused (`status`, `body`), or that got no answer (`status` is None)."""

    def __init__(self, message, status=None, body=None):
        super().__init__(message)
        self.status, self.body = status, body


class Refused(Exception):
    """A token that the verifier refuses. `reason` is one of docs/verifying.md."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    # a redirect would send the secret key elsewhere
    def redirect_request(self, *_):
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def _send(method, url, headers, body=None, longest=1_000_000):
    request = urllib.request.Request(url, method=method, data=body, headers=headers)
    try:
        with _opener.open(request, timeout=5) as response:
            content = response.read(longest + 1)
    except urllib.error.HTTPError as error:
        raise HallpassError(f"{method} {url}: {error.code}", error.code, error.read(65_536)) from None
    except OSError as error:
        raise HallpassError(f"{method} {url}: no response") from error
    if len(content) > longest:
        raise HallpassError(f"{method} {url}: the response is too long")
    return content


class Client:
    """Calls with a secret key. Each method raises HallpassError if Hallpass refuses."""

    def __init__(self, url, api_key):
        self.url, self._authorization = url.rstrip("/"), {"Authorization": f"Bearer {api_key}"}

    def _call(self, method, path, body=None, form=None, headers=None):
        sent = {**self._authorization, **(headers or {})}
        if body is not None:
            sent["Content-Type"], data = "application/json", json.dumps(body).encode()
        elif form is not None:
            sent["Content-Type"], data = "application/x-www-form-urlencoded", urllib.parse.urlencode(form).encode()
        else:
            data = None
        content = _send(method, self.url + path, sent, data)
        return json.loads(content) if content else None

    def mint_bridge_token(self, customer_id, idempotency_key=None, **more):
        """A bridge token. Repeat a call that got no answer with the same idempotency_key: you get the same token."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        body = {"customer_id": customer_id, **more}
        return self._call("POST", "/v1/bridge/initialize", body, headers=headers)["data"]["bridge_token"]

    def mint_visitor_token(self, client_key, user_id, **more):
        """A one-time token of a signed-in user, which the page exchanges for a session."""
        body = {"client_key": client_key, "user_id": user_id, **more}
        return self._call("POST", "/api/v1/widget/auth/user-token", body)["token"]

    def mint_card_token(self, card_id, widget_type):
        """A one-time token of a card's widget: ACTIVATE, GET_PIN, REVEAL or SET_PIN."""
        query = urllib.parse.urlencode({"widget_type": widget_type})
        path = f"/v1/cards/{urllib.parse.quote(card_id, safe='')}/widget_token?{query}"
        return self._call("POST", path)["widget_token"]

    def introspect(self, token):
        """The claims of an active token of any kind (RFC 7662), or None."""
        answer = self._call("POST", "/oauth2/introspect", form={"token": token})
        return answer if answer["active"] is True else None

    def revoke(self, token):
        """Revokes a token of any kind (RFC 7009). Succeeds for an unknown token too."""
        self._call("POST", "/oauth2/revoke", form={"token": token})


def _is_signed(text, header, key):
    alg, key = key
    try:
        return header["alg"] == alg and jwt.PyJWS().decode(text, key, algorithms=[alg]) is not None
    except jwt.PyJWTError:
        return False


def _name(*parts):
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:12]).decode()


def _is_revoked(feed, claims):
    is_session, account = "sid" in claims, claims["account_id"]
    session = {"client_key": claims.get("client_key_id"), "visitor": claims["sub"], "user": claims.get("user", {}).get("id")}
    subjects = {"account": account, **(session if is_session else {"customer": claims["sub"]})}
    if claims.get("auth_mode") != "guest":
        # tokens of older servers don't name their secret key
        subjects["api_key"] = claims.get("api_key_id", "")
    listed = [("session", claims["sid"]), ("client_key", claims["client_key_id"])] if is_session else []
    for what, *ids in listed or [("token", "bridge", claims["jti"])]:
        names = feed["revoked"][what]
        if _name(what, account, *ids) in {names[at : at + 16] for at in range(0, len(names), 16)}:
            return True
    began = re.match("[0-9a-f]{8}-[0-9a-f]{4}", claims["sid"] if is_session else claims["jti"])
    # an id without a time began before every cutoff
    began = int(began[0].replace("-", ""), 16) if began else -1
    cutoffs = [feed.get("cut_off")]
    for scope, subject in subjects.items():
        if subject is not None:
            cutoffs.append(feed["cut_offs"].get(scope, {}).get(_name(scope, account, subject)))
    return any(cutoff is not None and began <= cutoff for cutoff in cutoffs)


class _Entry:
    def __init__(self):
        self.lock, self.value, self.loaded_at, self.blocked_until = threading.Lock(), None, 0, 0


class Verifier:
    """Verifies bridge tokens or session tokens offline, by the revocation feed. Can be shared by threads."""

    def __init__(self, issuer, kind, accounts, audience=None, max_staleness=300, get=None, now=time.time):
        self.issuer, self.kind, self.accounts, self.audience = issuer, kind, accounts, audience
        self._max_staleness, self._now, self._cache = max_staleness, now, {}
        self._get = get or (lambda path, longest: _send("GET", issuer + path, {}, longest=longest).decode())

    def verify(self, token):
        """The claims of a valid token; raises Refused for any other. Tokens that are bound to a key are refused."""
        if not token:
            raise Refused("missing")
        try:
            header, claims = parse(token)
        except (ValueError, RecursionError, OverflowError):
            raise Refused("malformed") from None
        types = SESSION_TYPES if self.kind == "widget-session" and self.audience else (f"{self.kind}+jwt",)
        if header["typ"] not in types:
            raise Refused("wrong_kind")
        key = self._key(header["kid"])
        if isinstance(key, str) or not _is_signed(token, header, key):
            raise Refused(key if isinstance(key, str) else "bad_signature")
        self._check_claims(claims)
        self._check_revocations(claims, header["kid"])
        return json.loads(decode(token.split(".")[1]))

    def _check_claims(self, claims):
        now = int(self._now())
        if not is_claims_of[self.kind](claims):
            raise Refused("bad_claims")
        lifetime = claims["exp"] - claims["iat"]
        checks = [
            ("wrong_audience", claims["aud"] != (self.audience or self.kind)),
            ("wrong_issuer", claims["iss"] != self.issuer),
            ("bad_claims", not 0 < lifetime <= LIFETIMES[self.kind]),
            ("not_yet_valid", claims["iat"] > now + LEEWAY),
            ("expired", claims["exp"] <= now),
            ("wrong_account", claims["account_id"] not in self.accounts),
            ("missing_proof", "cnf" in claims),
        ]
        for reason, fails in checks:
            if fails:
                raise Refused(reason)

    def _check_revocations(self, claims, kid):
        path = "/.well-known/revocations/" + urllib.parse.quote(claims["account_id"], safe="")
        feed = self._cached(path, self._load_feed, 6, 5, lambda feed: kid in feed["keys"])
        if feed and kid not in feed["keys"]:
            raise Refused("unknown_key")
        if feed and _is_revoked(feed, claims):
            raise Refused("revoked")
        if not feed or self._now() - feed["iat"] > self._max_staleness:
            raise Refused("unavailable")

    def _key(self, kid):
        keys = self._cached("/.well-known/jwks.json", self._load_keys, 300, 5, lambda keys: kid in keys)
        return "unavailable" if keys is None else keys.get(kid, "unknown_key")

    def _cached(self, path, load, fresh, wait, has):
        """A document. It is loaded again if it is old or lacks something, but not soon after a try that failed or was early."""
        entry = self._cache.setdefault(path, _Entry())
        with entry.lock:
            now = self._now()
            is_fresh = entry.value is not None and 0 <= now - entry.loaded_at < fresh
            if (is_fresh and has(entry.value)) or entry.blocked_until - wait <= now < entry.blocked_until:
                return entry.value
            try:
                entry.value, entry.loaded_at = load(path, entry.value), now
                entry.blocked_until = now + wait if is_fresh else 0
            except (HallpassError, ValueError, KeyError, TypeError, RecursionError, jwt.PyJWTError):
                entry.blocked_until = now + wait
            return entry.value

    def _load_keys(self, path, _):
        keys = {}
        for jwk in json.loads(self._get(path, 1_000_000))["keys"]:
            if jwk.get("alg") in ALGORITHMS and jwk.get("use", "sig") == "sig":
                keys[jwk["kid"]] = (jwk["alg"], jwt.PyJWK(jwk).key)
        if not keys:
            raise ValueError("The key set has no key.")
        return keys

    def _load_feed(self, path, held):
        text = self._get(path, 8_000_000)
        header, feed = parse(text, 8_000_000)
        key = self._key(header["kid"])
        is_signed = not isinstance(key, str) and _is_signed(text, header, key)
        if header["typ"] != "revocations+jwt" or not is_signed or not is_feed(feed):
            raise ValueError("The feed is invalid.")
        if feed["iss"] != self.issuer or feed["sub"] != self.issuer + path:
            raise ValueError("The feed is another one.")
        if feed["iat"] > self._now() + LEEWAY or self._now() >= feed["exp"] + LEEWAY:
            raise ValueError("The feed is too old or too new.")
        return held if held and feed["iat"] < held["iat"] else feed
