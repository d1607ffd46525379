"""A verifier of session tokens, bridge tokens and declared kinds by the revocation feed, in Python: `verify_feed.py revocation-feed.json`.

Needs PyJWT and cryptography (Debian: python3-jwt, python3-cryptography). Prints the verdict of each test vector as JSON.
"""
import base64
import hashlib
import json
import sys

import jwt
from jwt.algorithms import OKPAlgorithm

LEEWAY = 60
SCOPES = ("account", "client_key", "visitor", "user")
# scopes that a feed may lack
LATER_SCOPES = ("customer", "api_key", "kind", "subject", "resource")


def open_jws(text, typ, keys):
    """The key id and payload of a signed document; raises for any other."""
    header = jwt.get_unverified_header(text)
    if header.get("typ") != typ or set(header) != {"alg", "kid", "typ"}:
        raise ValueError("header")
    # the algorithm is the key's, never what the document says
    key, alg = keys[header["kid"]]
    return header["kid"], json.loads(jwt.PyJWS().decode(text, key, algorithms=[alg]))


def name_of(*parts):
    text = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:12]).decode()


def began_at(uuid):
    return int(uuid.replace("-", "")[:12], 16)


def open_feed(text, issuer, account, keys, now):
    """The feed, or None if it can't be believed."""
    try:
        _, feed = open_jws(text, "revocations+jwt", keys)
        for what in ("token", "session", "client_key"):
            if not isinstance(feed["revoked"][what], str):
                return None
        for scope in LATER_SCOPES:
            feed["cut_offs"].setdefault(scope, {})
        for scope in SCOPES + LATER_SCOPES:
            if not all(isinstance(time, int) for time in feed["cut_offs"][scope].values()):
                return None
        if feed["iss"] != issuer or feed["sub"] != f"{issuer}/.well-known/revocations/{account}":
            return None
        if feed["iat"] > now / 1000 + LEEWAY or now / 1000 >= feed["exp"] + LEEWAY:
            return None
        return feed
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, AttributeError):
        return None


def is_revoked(feed, kind, claims):
    account = claims["account_id"]
    began = began_at(claims["sid"] if kind == "widget-session" else claims["jti"])
    if began <= feed.get("cut_off", -1):
        return True
    if kind == "bridge":
        named = [("token", "bridge", claims["jti"])]
        cutoffs = {"account": account, "customer": claims["sub"]}
    elif kind != "widget-session":
        named = [("token", "declared", claims["jti"])]
        cutoffs = {"account": account, "kind": kind, "subject": claims["sub"]}
        if "resource" in claims:
            cutoffs["resource"] = claims["resource"]
        if "client_key_id" in claims:
            named.append(("client_key", claims["client_key_id"]))
            cutoffs["client_key"] = claims["client_key_id"]
    else:
        named = [("session", claims["sid"]), ("client_key", claims["client_key_id"])]
        cutoffs = {"account": account, "client_key": claims["client_key_id"], "visitor": claims["sub"]}
        if "user" in claims:
            cutoffs["user"] = claims["user"]["id"]
    # a guest's session needs no secret key; tokens of older servers don't name theirs
    if claims.get("auth_mode") != "guest" and not ("kind" in claims and "api_key_id" not in claims):
        cutoffs["api_key"] = claims.get("api_key_id", "")
    for what, *ids in named:
        text = feed["revoked"][what]
        names = {text[at : at + 16] for at in range(0, len(text), 16)}
        if name_of(what, account, *ids) in names:
            return True
    # a session of observe mode ends with it, unless its origin was allowed
    if claims.get("origin_unlisted"):
        subject = f'{claims["client_key_id"]} {claims["origin"]}'
        if began <= feed["cut_offs"]["client_key"].get(name_of("client_key", account, subject), -1):
            return True
    return any(
        began <= feed["cut_offs"][scope].get(name_of(scope, account, subject), -1) for scope, subject in cutoffs.items()
    )


def verdict(document, vector, keys):
    kind, now = vector["kind"], vector["now"]
    # by default, a declared kind has the type and the audience of its name
    declared = next((one for one in document["declarations"] if one["name"] == kind), {})
    try:
        kid, claims = open_jws(vector["token"], declared.get("typ", f"{kind}+jwt"), keys)
    except (jwt.PyJWTError, KeyError, ValueError):
        return "malformed"
    if claims["iss"] != document["issuer"] or claims["aud"] != declared.get("audience", kind) or claims["exp"] <= now / 1000:
        return "malformed"
    # a declared kind's claims are checked against its schema too (clients/python)
    if declared and claims.get("kind") != kind:
        return "malformed"
    if claims["account_id"] != document["account"]:
        return "wrong_account"
    feed = open_feed(vector["feed"], document["issuer"], document["account"], keys, now)
    if feed is None:
        return "unavailable"
    if kid not in feed["keys"]:
        return "unknown_key"
    if is_revoked(feed, kind, claims):
        return "revoked"
    return "unavailable" if now / 1000 - feed["iat"] > document["maxStalenessSeconds"] else "ok"


def main(path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    keys = {jwk["kid"]: (OKPAlgorithm.from_jwk(json.dumps(jwk)), jwk["alg"]) for jwk in document["jwks"]["keys"]}
    json.dump({vector["name"]: verdict(document, vector, keys) for vector in document["vectors"]}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
