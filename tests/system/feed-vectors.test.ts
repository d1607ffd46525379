import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createVerifier, type VerifiableKind } from '@hallpass/client/verify'
import { accountRevocationsPath } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'

interface Vectors {
  readonly issuer: string
  readonly account: string
  readonly jwks: object
  readonly declarations: readonly { readonly name: string }[]
  readonly vectors: readonly {
    readonly name: string
    readonly kind: string
    readonly token: string
    readonly feed: string
    readonly now: number
    readonly verdict: string
  }[]
}

const folder = new URL('../../docs/vectors/', import.meta.url)
const path = fileURLToPath(new URL('revocation-feed.json', folder))
const { issuer, account, jwks, declarations, vectors }: Vectors = JSON.parse(readFileSync(path, 'utf8'))

/** A Python with the packages that the verifier needs: Debian's python3-jwt and python3-cryptography. */
const python = ['python3', '/usr/bin/python3'].find((command) => {
  try {
    execFileSync(command, ['-c', 'import jwt, cryptography'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

describe('the test vectors of the revocation feed', () => {
  test.each(vectors)('@hallpass/client/verify: $name is $verdict', async ({ kind, token, feed, now, verdict }) => {
    const fetch: typeof globalThis.fetch = async (input) => {
      const { pathname } = new URL(String(input))
      if (pathname === '/.well-known/jwks.json') return Response.json(jwks)
      expect(pathname).toBe(accountRevocationsPath(account))
      return new Response(feed)
    }
    const options = { issuer, account, fetch, now: () => now }
    const schema = declarations.find(({ name }) => name === kind)
    const verifier = schema
      ? createVerifier<string>({ ...options, kind, schema })
      : createVerifier({ ...options, kind: kind as VerifiableKind })
    const verified = await verifier.verify(token)
    expect(verified.ok ? 'ok' : verified.reason).toBe(verdict)
  })

  test.skipIf(!python)('the Python verifier agrees (skipped without python3-jwt and python3-cryptography)', () => {
    const output = execFileSync(python ?? '', [fileURLToPath(new URL('verify_feed.py', folder)), path])
    const expected = Object.fromEntries(vectors.map(({ name, verdict }) => [name, verdict]))
    expect(JSON.parse(output.toString())).toEqual(expected)
    expect(Object.keys(expected)).toHaveLength(vectors.length)
  })
})
