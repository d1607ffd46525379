/* Compares the speed of our verifier with that of jose's jwtVerify in the same run: `npm run bench:verify`. */
import { generateKeyPairSync } from 'node:crypto'
import { createVerifier } from '@hallpass/client/verify'
import { revocationsPath, revocationsTyp } from '@hallpass/contracts'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose'

const issuer = 'https://pass.example'
const calls = 2_000
const rounds = 10

/** An issuer's documents and one of its session tokens. */
async function issue(alg: 'EdDSA' | 'ES256') {
  const { privateKey, publicKey } =
    alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const header = (typ: string) => ({ alg, kid: 'key-1', typ })
  const now = Math.floor(Date.now() / 1000)
  const names = { account: {}, client_key: {}, visitor: {}, user: {} }
  const feed = new SignJWT({
    iss: issuer,
    sub: issuer + revocationsPath,
    iat: now,
    exp: now + 600,
    ttl: 10,
    keys: ['key-1'],
    // like a busy server: a thousand sessions were revoked recently
    revoked: {
      token: '',
      session: Array.from({ length: 1000 }, (_, i) => String(i).padStart(16, '0')).join(''),
      client_key: '',
    },
    cut_offs: names,
  })
  const token = new SignJWT({
    iss: issuer,
    aud: 'widget-session',
    sub: '01a1fd3a-c62d-7ea6-8b6d-a97e08d21894',
    sid: '01a1fd3a-c62d-7ea6-8b6d-a97e08d21893',
    account_id: 'account',
    client_key_id: 'client-key',
    agent_id: 'agent_1',
    auth_mode: 'guest',
    origin: 'https://shop.example',
    iat: now,
    exp: now + 900,
    jti: '01a1fd3a-c62d-7ea6-8b6d-a97e08d21895',
  })
  const jwks: JSONWebKeySet = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'key-1', alg, use: 'sig' }] }
  return {
    jwks,
    feed: await feed.setProtectedHeader(header(revocationsTyp)).sign(privateKey),
    token: await token.setProtectedHeader(header('widget-session+jwt')).sign(privateKey),
  }
}

/** Calls per second. */
async function rateOf(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < calls; i++) await call()
  return calls / ((performance.now() - start) / 1000)
}

for (const alg of ['EdDSA', 'ES256'] as const) {
  const { jwks, feed, token } = await issue(alg)
  const fetch = async (url: string | URL | Request) =>
    new Response(String(url).endsWith('jwks.json') ? JSON.stringify(jwks) : feed)
  const verifier = createVerifier({ issuer, kind: 'widget-session', account: 'account', fetch })
  const verdict = await verifier.verify(token)
  if (!verdict.ok) throw new Error(`the verifier rejects its token: ${verdict.reason}`)
  const keys = createLocalJWKSet(jwks)
  // alternate and keep the best of each, because other load on the machine can only slow a run down
  let [bare, ours] = [0, 0]
  for (let round = 0; round < rounds; round++) {
    bare = Math.max(bare, await rateOf(() => jwtVerify(token, keys)))
    ours = Math.max(ours, await rateOf(() => verifier.verify(token)))
  }
  process.stdout.write(
    `${alg}: createVerifier ${Math.round(ours)} tokens/s, jose.jwtVerify alone ${Math.round(bare)}/s, ratio ${(ours / bare).toFixed(2)}\n`,
  )
}
