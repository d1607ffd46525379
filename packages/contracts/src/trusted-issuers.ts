import * as z from 'zod'
import { parseUrl } from './parse-url.js'
import { atMost, filledText } from './scalars.js'

const localHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether a URL is on the machine of the server, which only a server for development sends requests to. */
export const isLocalUrl = (url: string): boolean => localHosts.has(parseUrl(url)?.hostname ?? '')

/**
 * Whether the server may send requests to a URL: https without credentials and fragment, or a {@link isLocalUrl} one. Of
 * the ports below 1024, only that of https: behind the others are mail servers and the like, which a TLS handshake can
 * disturb, and whose presence a failure would reveal.
 */
export function isOutboundUrl(text: string): boolean {
  const url = text.length <= 1024 ? parseUrl(text) : undefined
  if (url === undefined || [url.username, url.password, url.hash].some((part) => part !== '')) return false
  if (localHosts.has(url.hostname)) return url.protocol === 'https:' || url.protocol === 'http:'
  // the port of the protocol is left out
  return url.protocol === 'https:' && (url.port === '' || Number(url.port) >= 1024)
}

export const outboundUrlDetail = 'must be an https URL without credentials and fragment, on port 443 or one from 1024'

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** RFC 7517. Only public keys: an issuer that signs with a shared secret isn't accepted. */
const PublicJwk = z
  .looseObject({
    kty: z.enum(['RSA', 'EC', 'OKP']).describe('The type of the key'),
    kid: filledText(200).optional().describe('The id of the key, in the header of each token'),
    alg: filledText(20).optional().describe('The algorithm of its signatures'),
  })
  .refine((jwk) => privateMembers.every((name) => !Object.hasOwn(jwk, name)), 'must not contain a private key')
  .refine((jwk) => JSON.stringify(jwk).length <= 4096, 'must be at most 4096 bytes of JSON')

const claimName = filledText(100).refine((name) => name !== '__proto__', 'must not be __proto__')

/** An identity provider of a customer whose tokens begin sessions of its users. */
const TrustedIssuer = z
  .strictObject({
    issuer: z
      .string('must be a string')
      .regex(/^[\x21-\x7b\x7d\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters without spaces and |')
      .describe('The exact claim iss'),
    jwks_uri: z
      .string('must be a string')
      .refine(isOutboundUrl, outboundUrlDetail)
      .optional()
      .describe("Where the issuer's keys are; https, and not in a private network"),
    jwks: z
      .strictObject({ keys: atMost(20, z.array(PublicJwk)).describe('Public keys (RFC 7517)') })
      .optional()
      .describe("The issuer's public keys, instead of jwks_uri"),
    audience: filledText(200).describe('The claim aud must be it, or contain it'),
    subject_claim: claimName.default('sub').describe('The claim with the id of the user'),
    claims: z
      .strictObject({
        display_name: claimName.optional().describe('The claim with the name of the user'),
        email: claimName.optional().describe('The claim with the email address of the user'),
        traits: atMost(20, z.array(claimName)).optional().describe('The claims that become traits'),
      })
      .optional()
      .describe('The claims that become the display_name, email and traits of the session'),
    max_age: z
      .int('must be a whole number')
      .min(1)
      .max(86_400)
      .default(300)
      .describe('How many seconds after iat a token is accepted'),
  })
  .refine(({ jwks_uri, jwks }) => (jwks_uri === undefined) !== (jwks === undefined), 'must have jwks_uri or jwks')
export type TrustedIssuer = z.infer<typeof TrustedIssuer>

export const TrustedIssuers = atMost(5, z.array(TrustedIssuer)).refine(
  (issuers) => new Set(issuers.map(({ issuer }) => issuer)).size === issuers.length,
  'must not name an issuer twice',
)
