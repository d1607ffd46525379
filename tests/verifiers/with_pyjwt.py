"""PyJWT: python3-jwt."""
import jwt


def create_verify(issuer, audience, jwks_uri, algorithm):
    keys = jwt.PyJWKClient(jwks_uri)

    def verify(token):
        key = keys.get_signing_key_from_jwt(token)
        required = ["iss", "aud", "exp", "sub"]
        return jwt.decode(token, key.key, [algorithm], issuer=issuer, audience=audience, options={"require": required})

    return verify
