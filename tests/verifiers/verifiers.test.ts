import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import type { TestServer } from '../system/support/servers/in-process-server.js'
import {
  type Algorithm,
  audience,
  declaredAudience,
  type Prepared,
  prepareAll,
  type Tokens,
  type Typ,
} from './prepare-tokens.js'
import { folder, type Settings, scripts } from './scripts.js'

/* Session tokens and declared kinds with an audience of their own, verified by libraries as their documentation says. */

interface Verifier {
  /** Resolves to the claims of a token, and rejects if the library refuses it. */
  readonly createVerify: (settings: Settings) => Verify | Promise<Verify>
}
type Verify = (token: string) => unknown

let prepared: Prepared
beforeAll(async () => {
  prepared = await prepareAll()
})
afterAll(() => prepared.stop())

/** The type and the algorithms that each library accepts, as `docs/verifying.md` says. */
const libraries: Readonly<Record<string, readonly [Typ, ...Algorithm[]]>> = {
  'aws-jwt-verify': ['JWT', 'ES256', 'RS256', 'EdDSA'],
  'express-oauth2-jwt-bearer': ['at+jwt', 'ES256', 'RS256', 'EdDSA'],
  'fast-jwt': ['JWT', 'ES256', 'RS256'],
  'fastify-jwt': ['JWT', 'ES256', 'RS256'],
  'hapi-jwt': ['JWT', 'RS256'],
  hono: ['JWT', 'ES256', 'RS256', 'EdDSA'],
  jose: ['at+jwt', 'ES256', 'RS256', 'EdDSA'],
  jsonwebtoken: ['JWT', 'ES256', 'RS256'],
  oauth4webapi: ['at+jwt', 'ES256', 'RS256', 'EdDSA'],
  'okta-jwt-verifier': ['JWT', 'RS256'],
  'openid-client': ['at+jwt', 'ES256', 'RS256', 'EdDSA'],
}
const cases = Object.entries(libraries).flatMap(([name, [typ, ...accepted]]) =>
  accepted.map((algorithm) => [name, algorithm, typ] as const),
)

async function load(name: string): Promise<Verifier> {
  const file = new URL(`./${name}.mjs`, import.meta.url)
  expect(existsSync(file)).toBe(true)
  return (await import(file.href)) as Verifier
}
const settingsOf = ({ url }: TestServer, algorithm: string, aud: string = audience): Settings => ({
  issuer: url,
  audience: aud,
  jwksUri: `${url}/.well-known/jwks.json`,
  algorithm,
  secretKey: acme.key,
})

async function expectDecisions(verify: Verify, { good, refused }: Tokens, aud: string = audience) {
  expect(await verify(good)).toMatchObject({ aud, account_id: acme.account })
  const accepted: string[] = []
  for (const [what, token] of Object.entries(refused)) if (await accepts(verify, token)) accepted.push(what)
  expect(accepted).toEqual([])
  expect(await verify(good)).toMatchObject({ aud })
}

/** Some libraries throw instead of rejecting. */
async function accepts(verify: Verify, token: string): Promise<boolean> {
  try {
    await verify(token)
    return true
  } catch {
    return false
  }
}

test.each(cases)(
  '%s accepts a token with %s and typ %s for its audience, and no other',
  async (name, algorithm, typ) => {
    const verify = await (await load(name)).createVerify(settingsOf(prepared.server(algorithm), algorithm))
    await expectDecisions(verify, prepared.tokens(algorithm, typ))
  },
)

test.each(cases)(
  '%s accepts a declared kind with %s and typ %s, and no other kind or account',
  async (name, algorithm, typ) => {
    const aud = declaredAudience(typ)
    const verify = await (await load(name)).createVerify(settingsOf(prepared.server(algorithm), algorithm, aud))
    await expectDecisions(verify, prepared.declared(algorithm, typ), aud)
  },
)

/** Libraries of Debian, which `scripts/install-verifiers.sh` installs. */
const scriptCases = scripts.flatMap((one) => one.algorithms.map((algorithm) => ({ ...one, algorithm })))
for (const one of scripts.filter((script) => !script.isInstalled())) {
  process.stderr.write(`Skipped ${one.recipe}: run scripts/install-verifiers.sh.\n`)
}

describe.each(scriptCases)('$recipe with $algorithm', (one) => {
  test.skipIf(!one.isInstalled())('accepts a token for its audience, and no other', async () => {
    const { good, refused } = prepared.tokens(one.algorithm, 'JWT')
    const settings = settingsOf(prepared.server(one.algorithm), one.algorithm)
    const [program, ...args] = one.command(settings)
    const child = execFile(program, args, { cwd: folder })
    child.stdin?.end([good, ...Object.values(refused), good].join('\n'))
    const decided = (await text(child.stdout ?? Readable.from([])))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const accepted = expect.objectContaining({ aud: audience, account_id: acme.account })
    expect(decided).toEqual([accepted, ...Object.values(refused).map(() => null), accepted])
  })
})
