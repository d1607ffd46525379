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
from decimal import Decimal

import jwt

from claims_schema import has_known_keywords, permits

LIFETIMES = {"bridge": 14_400, "widget-session": 900}
LEEWAY = 60
KEYS_PATH = "/.well-known/jwks.json"


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
        self._url, self._authorization = url.rstrip("/"), f"Bearer {api_key}"

    def _post(self, path, body=b"", content_type="application/json", **headers):
        sent = {"Authorization": self._authorization, "Content-Type": content_type, **headers}
        return json.loads(_send("POST", self._url + path, sent, body))

    def mint_bridge_token(self, customer_id, idempotency_key=None, **more):
        """A bridge token. Repeat a call that got no answer with the same idempotency_key: you get the same token."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        body = json.dumps({"customer_id": customer_id, **more}).encode()
        return self._post("/v1/bridge/initialize", body, **headers)["data"]["bridge_token"]

    def mint_visitor_token(self, client_key, user_id, **more):
        """A one-time token of a signed-in user, which the page exchanges for a session."""
        body = json.dumps({"client_key": client_key, "user_id": user_id, **more}).encode()
        return self._post("/api/v1/widget/auth/user-token", body)["token"]

    def mint_card_token(self, card_id, widget_type):
        """A one-time token of a card's widget: ACTIVATE, GET_PIN, REVEAL or SET_PIN."""
        query = urllib.parse.urlencode({"widget_type": widget_type})
        return self._post(f"/v1/cards/{urllib.parse.quote(card_id, safe='')}/widget_token?{query}")["widget_token"]

    def mint_token(self, kind, subject, idempotency_key=None, **more):
        """A token of a kind that you declared. `more` can have resource, actions, claims and ttl_seconds."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._post("/v1/tokens", json.dumps({"kind": kind, "subject": subject, **more}).encode(), **headers)["token"]

    def redeem(self, token, kind, idempotency_key=None, **required):
        """Uses a token of a declared kind once. Name the action and the resource that the request needs."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._post("/v1/tokens/redeem", json.dumps({"token": token, "kind": kind, **required}).encode(), **headers)

    def _post_token(self, path, token):
        return self._post(path, urllib.parse.urlencode({"token": token}).encode(), "application/x-www-form-urlencoded")

    def introspect(self, token):
        """The claims of an active token of any kind (RFC 7662), or None."""
        answer = self._post_token("/oauth2/introspect", token)
        return answer if answer["active"] is True else None

    def revoke(self, token):
        """Revokes a token of any kind (RFC 7009). Succeeds for an unknown token too."""
        self._post_token("/oauth2/revoke", token)


# Signed documents are read as strictly as Hallpass writes them, so that each has one valid text.


class _Number(float):
    """A number of a document. Unlike a float, it isn't infinite, and isn't mistaken for an integer of the program."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        if abs(number) == float("inf"):
            raise ValueError("infinite")
        return number


def _rank(name):
    """JavaScript puts members whose name is an array index first, and keeps the order of the others."""
    return int(name) if re.fullmatch("0|[1-9][0-9]{0,9}", name) and int(name) < 2**32 - 1 else 2**32


def _stringify(value):
    """JSON.stringify, which writes each value in one way."""
    if isinstance(value, _Number):
        text = float.__repr__(value)
        if value == 0:
            return "0"
        is_plain = 1e-6 <= abs(value) < 1e21
        return format(Decimal(text), "f").removesuffix(".0") if is_plain else re.sub(r"e([+-])0", r"e\1", text)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_stringify(name)}:{_stringify(value[name])}" for name in sorted(value, key=_rank)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_stringify, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _decode(part):
    decoded = base64.urlsafe_b64decode(part.encode("ascii") + b"=" * (-len(part) % 4))
    if not part or base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() != part:
        raise ValueError("not canonical")
    return decoded


def _parse_json(part):
    text = _decode(part).decode("utf-8")
    parsed = json.loads(text, parse_int=_Number, parse_float=_Number)
    if _stringify(parsed) != text:
        raise ValueError("not canonical")
    return parsed


def _parse(text, longest=32_768):
    """The header and payload of a signed document. Raises ValueError if Hallpass can't have written it."""
    parts = text.split(".") if isinstance(text, str) and len(text) <= longest else []
    if len(parts) != 3 or not _decode(parts[2]):
        raise ValueError("not a token")
    header, payload = _parse_json(parts[0]), _parse_json(parts[1])
    if not _is("header", header):
        raise ValueError("header")
    return header, payload


_REGISTERED = "iss:filled sub:filled jti:filled iat:time exp:time account_id:text api_key_id?:filled"
# the members of each object: name:type. ? is optional, =a|b lists the values, and * permits other members
_OBJECTS = {
    "header": "alg:=ES256|EdDSA|RS256 kid:kid typ:text",
    "bridge": f"{_REGISTERED} aud:=bridge environment:=sandbox|production processing_method:=inline|background|skip "
    "external_id?:text sandbox_outcome?:=standard|active|rejected|review",
    "widget-session": f"{_REGISTERED} aud:audience sid:text client_key_id:text agent_id:text auth_mode:=guest|user "
    "origin?:text origin_unlisted?:true client_id?:text traits?:json metadata?:json user?:user cnf?:cnf",
    "declared": f"{_REGISTERED} api_key_id?:text client_key_id?:text cnf?:cnf aud:text kind:text kind_revision:integer actions:texts resource?:text "
    "claims?:json uses?:integer client_id?:text",
    "declaration": "name:filled form:=jwt audience?:text typ?:text ttl_seconds:ttl actions?:texts "
    "resource?:=none|optional|required claims?:schema *",
    "ttl": "max:integer *",
    "user": "id:filled display_name?:text email?:text",
    "cnf": "jkt:filled",
    "feed": "iss:text sub:text iat:integer exp:integer ttl:integer keys:texts revoked:revoked cut_off?:integer "
    "cut_offs:cut_offs *",
    "revoked": "token:text session:text client_key:text *",
    "cut_offs": "account:times client_key:times visitor:times user:times customer?:times api_key?:times kind?:times "
    "subject?:times resource?:times *",
}
_TYPES = {
    "text": lambda value: isinstance(value, str),
    "filled": lambda value: isinstance(value, str) and value != "",
    "kid": lambda value: isinstance(value, str) and 1 <= len(value) <= 100,
    "integer": lambda value: isinstance(value, _Number) and value.is_integer() and abs(value) < 2**53,
    "time": lambda value: _is("integer", value) and value >= 0,
    "true": lambda value: value is True,
    "texts": lambda value: isinstance(value, list) and all(_is("text", member) for member in value),
    "times": lambda value: isinstance(value, dict) and all(_is("integer", member) for member in value.values()),
    "audience": lambda value: isinstance(value, str)
    and re.fullmatch(r"(?!(bridge|visitor|embed-ticket|card|refresh)$)[\x21-\x7e]{1,200}", value),
    "schema": lambda value: value is None or isinstance(value, dict) and has_known_keywords(value),
    "json": lambda value: isinstance(value, dict) and _is_short(value) and len(_stringify(value).encode()) <= 4096,
}


def _is(kind, value):
    if kind.startswith("="):
        return isinstance(value, str) and value in kind[1:].split("|")
    if kind in _TYPES:
        return _TYPES[kind](value)
    members = dict(member.partition(":")[::2] for member in _OBJECTS[kind].split())
    names = {name.rstrip("?"): kind for name, kind in members.items()}
    if not isinstance(value, dict) or any(name not in value for name in members if name[-1] not in "?*"):
        return False
    return all(_is(names[name], member) if names.get(name) else "*" in names for name, member in value.items())


def _is_short(value, depth=0):
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass")) <= 2048 and not re.search("[\0\ud800-\udfff]", value)
    if isinstance(value, dict) and not all(_is_short(name) and name != "__proto__" for name in value):
        return False
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth <= 32 and all(_is_short(member, depth + 1) for member in members)


def _is_declared(declaration, claims):
    """Whether the declaration permits what a token says."""
    resource, schema = declaration.get("resource", "none"), declaration.get("claims")
    if claims["kind"] != declaration["name"] or not set(claims["actions"]) <= set(declaration.get("actions", ())):
        return False
    if resource != "optional" and (resource == "required") != ("resource" in claims):
        return False
    return "claims" not in claims if schema is None else permits(schema, claims.get("claims", {}))


def _name(*parts):
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:12]).decode()


def _is_revoked(feed, claims):
    account, is_session = claims["account_id"], "sid" in claims
    subjects = [("account", account)]
    if is_session:
        key, listed = claims["client_key_id"], [("session", claims["sid"]), ("client_key", claims["client_key_id"])]
        subjects += [("client_key", key), ("visitor", claims["sub"]), ("user", claims.get("user", {}).get("id"))]
        if claims.get("origin_unlisted") and "origin" in claims:
            subjects.append(("client_key", f"{key} {claims['origin']}"))
    elif "kind" in claims:
        listed = [("token", "declared", claims["jti"])]
        subjects += [("kind", claims["kind"]), ("subject", claims["sub"]), ("resource", claims.get("resource"))]
        if "client_key_id" in claims:
            listed.append(("client_key", claims["client_key_id"]))
            subjects.append(listed[-1])
    else:
        listed = [("token", "bridge", claims["jti"])]
        subjects.append(("customer", claims["sub"]))
    is_keyless = claims.get("auth_mode") == "guest" or "kind" in claims and "api_key_id" not in claims
    if not is_keyless:
        # tokens of older servers don't name their secret key
        subjects.append(("api_key", claims.get("api_key_id", "")))
    for what, *ids in listed:
        names = feed["revoked"][what]
        if _name(what, account, *ids) in {names[at : at + 16] for at in range(0, len(names), 16)}:
            return True
    began = re.match("[0-9a-f]{8}-[0-9a-f]{4}", claims["sid"] if is_session else claims["jti"])
    # an id without a time began before every cutoff
    began = int(began[0].replace("-", ""), 16) if began else -1
    named = [(scope, _name(scope, account, subject)) for scope, subject in subjects if subject is not None]
    cutoffs = [feed.get("cut_off"), *(feed["cut_offs"].get(scope, {}).get(name) for scope, name in named)]
    return any(cutoff is not None and began <= cutoff for cutoff in cutoffs)


class _Entry:
    def __init__(self):
        self.lock, self.value, self.loaded_at, self.blocked_until = threading.Lock(), None, 0, 0


class Verifier:
    """Verifies tokens of one kind offline, by the revocation feed. Can be shared by threads.

    The kind is bridge, widget-session, or one that you declared: then give its declaration. ValueError if that is invalid.
    """

    def __init__(
        self,
        issuer,
        kind,
        accounts,
        audience=None,
        max_staleness=300,
        get=None,
        now=time.time,
        declaration=None,
        allow_unspent=False,
    ):
        self._issuer, self._kind, self._accounts, self._audience = issuer, kind, accounts, audience
        self._schema, self._types, self._longest = kind, {f"{kind}+jwt"}, LIFETIMES.get(kind)
        self._declaration, self._allow_unspent = None, allow_unspent
        if kind == "widget-session" and audience:
            self._types |= {"at+jwt", "JWT"}
        if declaration is not None:
            self._declare(declaration)
        if self._longest is None:
            raise ValueError(f"A verifier of {kind} needs its declaration.")
        self._max_staleness, self._now, self._cache = max_staleness, now, {}
        self._get = get or (lambda path, longest: _send("GET", issuer + path, {}, longest=longest).decode())

    def _declare(self, declaration):
        # with the same numbers as in tokens
        declared = json.loads(json.dumps(declaration), parse_int=_Number, parse_float=_Number)
        if not _is("declaration", declared) or declared["name"] != self._kind:
            raise ValueError(f"This is not the declaration of a JWT kind with the name {self._kind}.")
        self._schema, self._declaration, self._longest = "declared", declared, declared["ttl_seconds"]["max"]
        self._audience = declared.get("audience", self._kind)
        self._types = {declared.get("typ", f"{self._kind}+jwt")}

    def verify(self, token, action=None, resource=None):
        """The claims of a valid token; raises Refused for any other. Tokens that are bound to a key are refused.

        For a declared kind, name the action and the resource that the request needs.
        """
        if not token:
            raise Refused("missing")
        try:
            header, claims = _parse(token)
        except (ValueError, RecursionError, OverflowError):
            raise Refused("malformed") from None
        if header["typ"] not in self._types:
            raise Refused("wrong_kind")
        self._check_signature(token, header)
        self._check_claims(claims)
        self._check_permission(claims, action, resource)
        self._check_revocations(claims, header["kid"])
        return json.loads(_decode(token.split(".")[1]))

    def _check_signature(self, text, header):
        keys = self._cached(KEYS_PATH, self._load_keys, 300, lambda keys: header["kid"] in keys)
        if keys is None:
            raise Refused("unavailable")
        alg, key = keys.get(header["kid"], (None, None))
        if not key:
            raise Refused("unknown_key")
        try:
            jwt.PyJWS().decode(text, key, algorithms=[alg])
        except jwt.PyJWTError:
            raise Refused("bad_signature") from None

    def _check_claims(self, claims):
        now = int(self._now())
        if not _is(self._schema, claims):
            raise Refused("bad_claims")
        # either a secret key minted it, or a page with a client key
        if self._declaration and ("api_key_id" in claims) == ("client_key_id" in claims):
            raise Refused("bad_claims")
        checks = [
            ("wrong_audience", claims["aud"] != (self._audience or self._kind)),
            ("wrong_issuer", claims["iss"] != self._issuer),
            ("bad_claims", not 0 < claims["exp"] - claims["iat"] <= self._longest),
            ("bad_claims", self._declaration and not _is_declared(self._declaration, claims)),
            ("not_yet_valid", claims["iat"] > now + LEEWAY),
            ("expired", claims["exp"] <= now),
            # offline, nothing counts the uses
            ("unspent", "uses" in claims and not self._allow_unspent),
            ("wrong_account", claims["account_id"] not in self._accounts),
        ]
        for reason, fails in checks:
            if fails:
                raise Refused(reason)

    def _check_permission(self, claims, action, resource):
        if action is not None and action not in claims.get("actions", ()):
            raise Refused("action_not_allowed")
        if resource is not None and resource != claims.get("resource"):
            raise Refused("wrong_resource")
        if "cnf" in claims:
            raise Refused("missing_proof")

    def _check_revocations(self, claims, kid):
        path = "/.well-known/revocations/" + urllib.parse.quote(claims["account_id"], safe="")
        feed = self._cached(path, self._load_feed, 6, lambda feed: kid in feed["keys"])
        if feed and kid not in feed["keys"]:
            raise Refused("unknown_key")
        if feed and _is_revoked(feed, claims):
            raise Refused("revoked")
        if not feed or self._now() - feed["iat"] > self._max_staleness:
            raise Refused("unavailable")

    def _cached(self, path, load, fresh, has):
        """A document. It is loaded again if it is old or lacks something, but not within 5 seconds of a try that failed."""
        entry = self._cache.setdefault(path, _Entry())
        with entry.lock:
            now = self._now()
            is_fresh = entry.value is not None and 0 <= now - entry.loaded_at < fresh
            if (is_fresh and has(entry.value)) or entry.blocked_until - 5 <= now < entry.blocked_until:
                return entry.value
            try:
                entry.value, entry.loaded_at = load(path, entry.value), now
                entry.blocked_until = now + 5 if is_fresh else 0
            except (HallpassError, Refused, ValueError, KeyError, TypeError, RecursionError, jwt.PyJWTError):
                entry.blocked_until = now + 5
            return entry.value

    def _load_keys(self, path, _):
        published = json.loads(self._get(path, 1_000_000))["keys"]
        keys = [jwk for jwk in published if jwk.get("use", "sig") == "sig" and jwk.get("alg") in ("ES256", "EdDSA", "RS256")]
        if not keys:
            raise ValueError("The key set has no key.")
        return {jwk["kid"]: (jwk["alg"], jwt.PyJWK(jwk).key) for jwk in keys}

    def _load_feed(self, path, held):
        text = self._get(path, 8_000_000)
        header, feed = _parse(text, 8_000_000)
        self._check_signature(text, header)
        if header["typ"] != "revocations+jwt" or not _is("feed", feed):
            raise ValueError("The feed is invalid.")
        if feed["iss"] != self._issuer or feed["sub"] != self._issuer + path:
            raise ValueError("The feed is another one.")
        if feed["iat"] > self._now() + LEEWAY or self._now() >= feed["exp"] + LEEWAY:
            raise ValueError("The feed is too old or too new.")
        return held if held and feed["iat"] < held["iat"] else feed
