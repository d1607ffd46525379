import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sealRefreshToken } from '../sessions/refresh-token.js'
import { fixedKeys } from '../testing/fixed-keys.js'
import { provenHost } from './proven-host.js'
import type { Services } from './services.js'

const keys = fixedKeys(randomBytes(32))
const services = {
  keys,
  // a token here is just its claims, as they would be after verification
  verify: async (kind: string, token: string, options?: object) => {
    const { typ, ...claims } = JSON.parse(token)
    return typ === kind && options && 'evenExpired' in options ? claims : undefined
  },
} as unknown as Pick<Services, 'verify' | 'keys'>
const host = (raw: object) => provenHost(services, 'key-1', raw as Record<string, unknown>)
const ticket = (sub: string) => JSON.stringify({ typ: 'embed-ticket', sub, origin: 'https://ticket.example' })
const session = (client_key_id: string) =>
  JSON.stringify({ typ: 'widget-session', client_key_id, origin: 'https://session.example' })
const refresh = (client_key_id: string) =>
  sealRefreshToken(keys, {
    sid: 's',
    counter: 0,
    account_id: 'a',
    client_key_id,
    visitor_id: 'v',
    agent_id: 'g',
    auth_mode: 'guest',
    origin: 'https://refresh.example',
    started_at: 0,
    issued_at: 0,
    expires_at: 1,
  })

describe('the embedding page', () => {
  test.each([
    ['an embed ticket', { embed_ticket: ticket('key-1') }, 'https://ticket.example'],
    ['a session', { session_token: session('key-1') }, 'https://session.example'],
    ['a refresh token', { refresh_token: refresh('key-1') }, 'https://refresh.example'],
    [
      'the next proof, if the first is for another client key',
      { embed_ticket: ticket('key-2'), session_token: session('key-2'), refresh_token: refresh('key-1') },
      'https://refresh.example',
    ],
  ])('is proven by %s of the same client key', async (_, raw, origin) => {
    expect(await host(raw)).toBe(origin)
  })

  test.each([
    ['nothing', {}],
    ['values that are not text', { embed_ticket: 1, session_token: null, refresh_token: {} }],
    ['a token of another kind', { embed_ticket: session('key-1') }],
    ['a ticket for another client key', { embed_ticket: ticket('key-2') }],
    ['a session of another client key', { session_token: session('key-2') }],
    ['a refresh token of another client key', { refresh_token: refresh('key-2') }],
    ['a refresh token that was made up', { refresh_token: 'hprt_made-up' }],
  ])("isn't proven by %s", async (_, raw) => {
    expect(await host(raw)).toBeUndefined()
  })
})
