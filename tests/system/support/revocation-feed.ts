import { createVerifier, type VerifierOptions } from '@hallpass/client/verify'
import { RevocationFeed } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import type { AssembledServer } from './assembled-server.js'
import { acme } from './fixture.js'
import { fetchFrom, issuer } from './resource-server.js'

const cachedMilliseconds = 10_000

/** A cache on the way, which holds the feed for as long as it may. */
function throughCache(server: AssembledServer): typeof fetch {
  const ask = fetchFrom(server)
  const cached = new Map<string, { readonly text: string; readonly at: number }>()
  return async (input, init) => {
    const url = String(input)
    if (!url.includes('/revocations')) return ask(input, init)
    const held = cached.get(url)
    const now = server.clock.now()
    const asksAgain = new Headers(init?.headers).get('Cache-Control') === 'no-cache'
    if (held && !asksAgain && now - held.at < cachedMilliseconds) return new Response(held.text)
    const response = await ask(input, init)
    const text = await response.text()
    if (response.status === 200) cached.set(url, { text, at: now })
    return new Response(text, { status: response.status })
  }
}

/** Verifiers of Acme's resource server, which read the feed through a cache. */
export function verifiersOf(
  server: AssembledServer,
  options: Partial<VerifierOptions<'bridge' | 'widget-session'>> = {},
) {
  const common = { issuer, account: acme.account, fetch: throughCache(server), now: server.clock.now, ...options }
  return {
    session: createVerifier({ ...common, kind: 'widget-session' }),
    bridge: createVerifier({ ...common, kind: 'bridge' }),
  }
}

export async function feedOf(server: AssembledServer): Promise<RevocationFeed> {
  const { text } = await server.call('/.well-known/revocations', { method: 'GET' })
  return RevocationFeed.parse(decodeJwt(text))
}

/** How much is in the feed, all lists together. */
export const sizeOf = ({ revoked, cut_offs }: RevocationFeed) =>
  Object.values(revoked).join('').length / 16 + Object.values(cut_offs).flatMap(Object.keys).length
