"""jwcrypto: python3-jwcrypto."""
import json
import urllib.request

from jwcrypto import jwk, jwt


def create_verify(issuer, audience, jwks_uri, algorithm):
    with urllib.request.urlopen(jwks_uri, timeout=5) as response:
        keys = jwk.JWKSet.from_json(response.read())

    def verify(token):
        checks = {"iss": issuer, "aud": audience, "exp": None}
        return json.loads(jwt.JWT(jwt=token, key=keys, algs=[algorithm], check_claims=checks).claims)

    return verify
