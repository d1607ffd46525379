# ruby-jwt
require 'jwt'
require 'json'
require 'net/http'

def create_verify(issuer, audience, jwks_uri, algorithm)
  keys = JSON.parse(Net::HTTP.get(URI(jwks_uri)))
  options = { algorithms: [algorithm], jwks: keys, iss: issuer, verify_iss: true, aud: audience, verify_aud: true,
              required_claims: %w[iss aud exp] }
  ->(token) { JWT.decode(token, nil, true, options).first }
end
