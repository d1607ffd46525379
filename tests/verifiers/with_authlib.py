"""Authlib: python3-authlib."""
import json
import urllib.request

from authlib.jose import JsonWebKey, JsonWebToken


def create_verify(issuer, audience, jwks_uri, algorithm):
    with urllib.request.urlopen(jwks_uri, timeout=5) as response:
        keys = JsonWebKey.import_key_set(json.load(response))
    options = {name: {"essential": True, "value": value} for name, value in [("iss", issuer), ("aud", audience)]}

    def verify(token):
        claims = JsonWebToken([algorithm]).decode(token, keys, claims_options={**options, "exp": {"essential": True}})
        claims.validate()
        return dict(claims)

    return verify
