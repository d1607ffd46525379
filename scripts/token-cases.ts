import { createPublicKey } from 'node:crypto'
import { createVerifier, type VerifiableKind, type VerifierOptions } from '@hallpass/client/verify'
import { mutations } from '../tests/system/support/fixtures/token-mutations.js'
import { claimCases, jsonCases, type TokenCase } from './claim-cases.js'
import { declaredCases } from './declared-cases.js'
import { revocationCases } from './feed-vectors.js'
import { fixedSignatures } from './fixed-signatures.js'
import { declarations } from './vector-kinds.js'
import {
  account,
  began,
  idAt,
  issuer,
  jws,
  type Kind,
  keys,
  now,
  otherAccount,
  publishedKeys,
  signed,
  tokenOf,
} from './vector-tokens.js'

/*
 * Writes docs/vectors/token-cases.json: what a verifier decides about every sort of token. The verdicts are those of
 * @hallpass/client/verify; a change of one shows in the file.
 */

const kinds: readonly Kind[] = ['bridge', 'widget-session', 'report-embed']
const seconds = now / 1000
const iat = Math.floor(began / 1000)
const ids = ['key-1', ...fixedSignatures.map(({ jwk }) => jwk.kid)]
const feed = signed({ keys: ids })
const feedAt = (milliseconds: number) => {
  const at = Math.floor(milliseconds / 1000)
  return signed({ keys: ids, iat: at, exp: at + 600 })
}
/** As many seconds after the token was issued. */
const after = (elapsed: number, milliseconds = 0) => {
  const moment = (iat + elapsed) * 1000 + milliseconds
  return { now: moment, feed: feedAt(moment) }
}

function mutated(kind: Kind): TokenCase[] {
  const token = tokenOf(kind)
  const other = tokenOf(kind, 'key-1', { jti: idAt(began, '4e5'), sub: 'another' })
  const publicKey = createPublicKey(keys['key-1'])
  const publicPem = publicKey.export({ format: 'pem', type: 'spki' }).toString()
  const [publicJwk] = publishedKeys
  const forge = { token, other, ownKey: keys['key-1'], publicJwk: { ...publicJwk }, publicPem, otherKid: 'removed' }
  return Object.entries(mutations).map(([name, mutate]) => ({
    name: `${kind}: ${name}`,
    kind,
    token: mutate({ ...forge, now: seconds }),
  }))
}

function ofKinds(): TokenCase[] {
  const common = { iss: issuer, account_id: account, iat: seconds, jti: idAt(now, '5a1') }
  const others = {
    'a visitor token': jws({ ...common, aud: 'visitor', sub: 'v', exp: seconds + 300 }, { typ: 'visitor+jwt' }),
    'an embed ticket': jws(
      { ...common, aud: 'embed-ticket', sub: 'k', exp: seconds + 60 },
      { typ: 'embed-ticket+jwt' },
    ),
    'a revocation feed': feed,
    'a signed introspection response': jws(
      { iss: issuer, aud: idAt(now, '5a2'), iat: seconds, token_introspection: { active: true } },
      { typ: 'token-introspection+jwt' },
    ),
    'a refresh token': 'hprt_1.c2VhbGVk',
    'a card widget token': '0b0319e2-5d8b-4b63-9f0f-0d5b6f1a2c3d',
    nothing: '',
  }
  return kinds.flatMap((kind) => [
    { name: `${kind}: a valid token`, kind, token: tokenOf(kind) },
    ...kinds
      .filter((other) => other !== kind)
      .map((other) => ({ name: `${kind}: a valid ${other} token`, kind, token: tokenOf(other) })),
    ...Object.entries(others).map(([name, token]) => ({ name: `${kind}: ${name}`, kind, token })),
    { name: `${kind}: a token of another account`, kind, token: tokenOf(kind), account: otherAccount },
    { name: `${kind}: an unpublished key`, kind, token: tokenOf(kind, 'unpublished') },
    { name: `${kind}: a key that the feed does not list`, kind, token: tokenOf(kind, 'removed') },
    { name: `${kind}: no feed`, kind, token: tokenOf(kind), feed: '' },
  ])
}

function ofAlgorithms(): TokenCase[] {
  const [, payload] = tokenOf('bridge').split('.')
  return fixedSignatures.flatMap(({ jwk: { alg, kid }, signature }) => {
    const header = (members: object) => Buffer.from(JSON.stringify({ alg, kid, typ: 'bridge+jwt', ...members }))
    const token = (members: object = {}, end = signature) =>
      `${header(members).toString('base64url')}.${payload}.${end}`
    const changed = Buffer.from(signature, 'base64url').map((byte, at) => (at === 5 ? byte ^ 1 : byte))
    return [
      { name: `${alg}: a valid token`, kind: 'bridge' as const, token: token() },
      {
        name: `${alg}: one bit of the signature`,
        kind: 'bridge' as const,
        token: token({}, Buffer.from(changed).toString('base64url')),
      },
      {
        name: `${alg}: the signature twice`,
        kind: 'bridge' as const,
        token: token({}, Buffer.from(signature.repeat(2)).toString('base64url')),
      },
      { name: `${alg}: EdDSA in the header`, kind: 'bridge' as const, token: token({ alg: 'EdDSA' }) },
      { name: `${alg}: the key of EdDSA`, kind: 'bridge' as const, token: token({ kid: 'key-1' }) },
    ]
  })
}

function ofClocks(): TokenCase[] {
  return kinds.flatMap((kind) => {
    const token = tokenOf(kind)
    const lifetime = lifetimeOf(token)
    return [
      { name: `${kind}: in its last millisecond`, kind, token, ...after(lifetime, -1) },
      { name: `${kind}: in the second of its expiry`, kind, token, ...after(lifetime) },
      { name: `${kind}: a day later`, kind, token, ...after(86_400) },
      { name: `${kind}: 60 seconds before it was issued`, kind, token, ...after(-60) },
      { name: `${kind}: 61 seconds before it was issued`, kind, token, ...after(-61) },
    ]
  })
}

function lifetimeOf(token: string): number {
  const { iat: issued, exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  return exp - issued
}

const cases = (): TokenCase[] => [
  ...ofKinds(),
  ...ofAlgorithms(),
  ...ofClocks(),
  ...claimCases(),
  ...declaredCases(),
  ...jsonCases(),
  ...kinds.flatMap(mutated),
  ...revocationCases().map(({ name, verdict: _, ...one }) => ({ ...one, name: `revocations: ${name}` })),
]

function verifierOf(
  { kind, audience, allow_unspent }: TokenCase,
  common: Omit<VerifierOptions<VerifiableKind>, 'kind' | 'audience'>,
) {
  if (kind === 'bridge' || kind === 'widget-session')
    return createVerifier({ ...common, kind, ...(audience === undefined ? {} : { audience }) })
  const schema = declarations.find(({ name }) => name === kind)
  return createVerifier<string>({ ...common, kind, schema, allowUnspent: allow_unspent ?? false })
}

async function verdictOf(one: TokenCase, jwks: object): Promise<string> {
  const fetch: typeof globalThis.fetch = async (input) =>
    String(input).endsWith('/jwks.json') ? Response.json(jwks) : new Response(one.feed ?? feed)
  const verifier = verifierOf(one, {
    issuer,
    account: one.account ?? account,
    fetch,
    now: () => one.now ?? now,
  })
  const verified = await verifier.verify(one.token, { action: one.action, resource: one.resource })
  return verified.ok ? 'ok' : verified.reason
}

export async function tokenCases(): Promise<string> {
  const jwks = { keys: [...publishedKeys, ...fixedSignatures.map(({ jwk }) => jwk)] }
  const decided: object[] = []
  for (const one of cases()) decided.push({ ...one, verdict: await verdictOf(one, jwks) })
  const document = { issuer, account, now, maxStalenessSeconds: 300, jwks, feed, declarations, cases: decided }
  return `${JSON.stringify(document, null, 2)}\n`
}
