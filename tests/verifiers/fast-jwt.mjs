import { createVerifier } from 'fast-jwt'
import buildGetJwks from 'get-jwks'

export function createVerify({ issuer, audience, algorithm }) {
  const keys = buildGetJwks({ issuersWhitelist: [issuer] })
  return createVerifier({
    key: ({ header, payload }) => keys.getPublicKey({ kid: header.kid, alg: header.alg, domain: payload.iss }),
    algorithms: [algorithm],
    allowedIss: issuer,
    allowedAud: audience,
    requiredClaims: ['iss', 'aud', 'exp'],
  })
}
