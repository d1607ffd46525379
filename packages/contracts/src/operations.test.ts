import { describe, expect, test } from 'vitest'
import { publishedReason, refusalReasons } from './core/dialects.js'
import { scopes } from './core/enums.js'
import { type RepeatTree, repeats } from './core/repeats.js'
import type { Operation } from './operation.js'
import { operations } from './operations.js'

/** What every secret key can call, whatever its scopes are. */
const anyKey = ['admin.caller.get', 'admin.refusals.get']

const all: readonly (readonly [string, Operation])[] = Object.entries(operations)

const idsIn = (tree: RepeatTree): string[] =>
  Object.entries(tree).flatMap(([name, inner]) =>
    typeof inner === 'string' ? name : idsIn(inner).map((id) => `${name}.${id}`),
  )

test('`repeats` has exactly the operations of the table', () => {
  expect(idsIn(repeats).toSorted()).toEqual(Object.keys(operations).toSorted())
})

test('the table contains every documented operation', () => {
  expect(Object.keys(operations)).toEqual([
    'bridge.initialize',
    'visitor.guest',
    'visitor.userToken',
    'visitor.exchange',
    'visitor.tokenExchange',
    'visitor.refresh',
    'visitor.logout',
    'visitor.config',
    'visitor.embedTicket',
    'card.widgetToken',
    'tokens.redeem',
    'kinds.mint',
    'kinds.pageToken',
    'kinds.redeem',
    'tokens.introspect',
    'tokens.revoke',
    'tokens.identify',
    'admin.caller.get',
    'admin.accounts.create',
    'admin.accounts.list',
    'admin.accounts.update',
    'admin.apiKeys.create',
    'admin.apiKeys.list',
    'admin.apiKeys.rotate',
    'admin.apiKeys.disable',
    'admin.clientKeys.create',
    'admin.clientKeys.list',
    'admin.clientKeys.update',
    'admin.clientKeys.allowOrigin',
    'admin.clientKeys.embedPolicy',
    'admin.clientKeys.try',
    'admin.customers.upsert',
    'admin.customers.get',
    'admin.customers.list',
    'admin.cards.upsert',
    'admin.cards.get',
    'admin.cards.list',
    'admin.kinds.put',
    'admin.kinds.get',
    'admin.kinds.list',
    'admin.kinds.disable',
    'admin.sessions.revoke',
    'admin.signingKeys.list',
    'admin.signingKeys.rotate',
    'admin.signingKeys.revoke',
    'admin.webhooks.create',
    'admin.webhooks.list',
    'admin.webhooks.get',
    'admin.webhooks.update',
    'admin.webhooks.rotateSecret',
    'admin.webhooks.delete',
    'admin.webhooks.test',
    'admin.webhooks.deliveries',
    'admin.webhooks.replay',
    'admin.refusals.get',
    'admin.refusals.list',
    'admin.audit.list',
    'admin.activity.list',
  ])
})

/** Mutations whose method isn't POST. */
const otherMethods: ReadonlyMap<string, string> = new Map([
  ['card.widgetToken', 'GET'],
  ['admin.kinds.put', 'PUT'],
])

test.each([
  ['bridge.initialize', ['POST'], ['/v1/bridge/initialize']],
  ['visitor.guest', ['POST'], ['/api/v1/widget/auth/guest']],
  ['visitor.userToken', ['POST'], ['/api/v1/widget/auth/user-token']],
  ['visitor.exchange', ['POST'], ['/api/v1/widget/auth/exchange']],
  ['visitor.tokenExchange', ['POST'], ['/oauth2/token']],
  ['visitor.refresh', ['POST'], ['/api/v1/widget/auth/refresh']],
  ['visitor.logout', ['POST'], ['/api/v1/widget/auth/logout']],
  ['visitor.config', ['GET'], ['/api/v1/widget/config']],
  ['visitor.embedTicket', ['POST'], ['/api/v1/widget/auth/embed-ticket']],
  ['card.widgetToken', ['GET', 'POST'], ['/v1/cards/{card_id}/widget_token', '/cards/{card_id}/widget_token']],
  ['tokens.redeem', ['POST'], ['/v1/widget_tokens/redeem']],
  ['tokens.introspect', ['POST'], ['/oauth2/introspect']],
  ['tokens.revoke', ['POST'], ['/oauth2/revoke']],
  ['tokens.identify', ['POST'], ['/v1/admin/identify']],
] as const)('%s is served by %s at %s', (id, methods, paths) => {
  expect(operations[id]).toMatchObject({ methods, paths })
})

test('no two operations share a method and a path', () => {
  const routes = all.flatMap(([, { methods, paths }]) =>
    methods.flatMap((method) => paths.map((path) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`)),
  )
  expect(routes.filter((route, i) => routes.indexOf(route) !== i)).toEqual([])
})

describe.each(all)('%s', (id, operation) => {
  test('its key in the table is its id', () => {
    expect(operation.id).toBe(id)
  })

  test('accepts the input of its example', () => {
    expect(operation.input.safeParse(operation.example.input).error).toBeUndefined()
  })

  test('the output of its example matches its schema exactly', () => {
    expect(operation.output.parse(operation.example.output)).toEqual(operation.example.output)
  })

  test('refuses for reasons that its dialect publishes, each named once', () => {
    const published = refusalReasons.map((reason) => publishedReason(reason, operation.dialect))
    expect(published).toEqual(expect.arrayContaining([...operation.refusals]))
    expect(new Set(operation.refusals).size).toBe(operation.refusals.length)
  })

  test('has phrases only for its own refusals', () => {
    expect(
      Object.keys(operation.phrases ?? {}).filter((reason) => !operation.refusals.some((r) => r === reason)),
    ).toEqual([])
  })

  test('lists its idempotency conflicts as refusals', () => {
    if (!operation.idempotency) return
    const pair = ['idempotency_conflict', 'idempotency_in_progress'] as const
    const needed = pair.map((reason) => publishedReason(reason, operation.dialect))
    expect(operation.refusals).toEqual(expect.arrayContaining(needed))
  })

  test('lists the refusals that its kind of caller can get', () => {
    const needed = {
      secret_key: ['unauthenticated', 'not_found'],
      client_key: ['missing_field', 'origin_not_allowed'],
      visitor_token: ['missing_field', 'invalid_token', 'origin_not_allowed'],
      refresh_token: ['missing_field', 'invalid_token', 'origin_not_allowed'],
    }[operation.caller.by]
    expect(operation.refusals).toEqual(expect.arrayContaining(needed))
    const { caller, refusals } = operation
    expect(refusals.includes('insufficient_scope')).toBe(caller.by === 'secret_key' && caller.scope !== 'any')
    expect(operation.refusals).toEqual(
      expect.arrayContaining(['method_not_allowed', 'rate_limited', 'internal_error', 'unavailable']),
    )
  })

  test('requires a known scope of a secret key', () => {
    const { caller } = operation
    if (caller.by === 'secret_key') expect(anyKey.includes(id) ? ['any'] : scopes).toContain(caller.scope)
  })

  test('a change is counted; only what issues tokens to anyone has the limit for that', () => {
    if (operation.kind === 'mutation') expect(operation.counted).toBe(true)
    if (operation.calledFrom !== 'page') return
    const isOpen = operation.mints !== null && operation.caller.by === 'client_key'
    expect(operation.limit).toBe(isOpen ? 'issue' : 'holder')
  })

  test('in an overload, what spends a token is refused last, and what mints one is refused earlier', () => {
    const { mints, spends, priority } = operation
    if (mints === null && spends !== null) expect(priority).toBe('high')
    if (mints !== null && spends === null) expect(priority).not.toBe('high')
  })

  test('a read mints and spends nothing; exactly the changes of administration are audited', () => {
    const { kind, mints, spends, maySpend, audited } = operation
    const [isReading, isAdministration] = [kind === 'query' || 'repeatable' in operation, id.startsWith('admin.')]
    if (kind === 'query') expect([mints, spends, maySpend]).toEqual([null, null, undefined])
    if (isAdministration) expect(audited).toBe(isReading ? 'refusals' : 'changes')
    else expect(['never', 'by_handler']).toContain(audited)
  })

  test('its path fields are exactly the parameters of its paths', () => {
    for (const path of operation.paths) {
      expect([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)).toEqual(operation.pathFields ?? [])
    }
  })

  test('a query is a GET without an idempotency key; a mutation is a POST, except documented ones', () => {
    const [first] = operation.methods
    if (operation.kind === 'query') expect([first, operation.idempotency]).toEqual(['GET', undefined])
    else expect(first).toBe(otherMethods.get(id) ?? 'POST')
  })

  test('if its body is ignored, every field is in the path or the query', () => {
    const placed = [...(operation.pathFields ?? []), ...(operation.queryFields ?? [])]
    // every input is an object
    const fields = Object.keys(operation.example.input as object)
    if (operation.body === 'ignored') expect(fields.filter((name) => !placed.includes(name))).toEqual([])
  })
})

test.each([
  ['bridge.initialize', 24 * 3600, '0123456789', true],
  ['bridge.initialize', 24 * 3600, '012345678', false],
  ['bridge.initialize', 24 * 3600, 'x'.repeat(40), true],
  ['bridge.initialize', 24 * 3600, 'x'.repeat(41), false],
  ['bridge.initialize', 24 * 3600, '0123456789é', false],
  ['bridge.initialize', 24 * 3600, '0123456789\n', false],
  ['card.widgetToken', 7 * 24 * 3600, 'x', true],
  ['card.widgetToken', 7 * 24 * 3600, 'x'.repeat(255), true],
  ['card.widgetToken', 7 * 24 * 3600, 'x'.repeat(256), false],
  ['card.widgetToken', 7 * 24 * 3600, '', false],
  ['card.widgetToken', 7 * 24 * 3600, '\u007f', false],
  ['tokens.redeem', 24 * 3600, 'x', true],
] as const)('%s remembers a key for %d seconds; key %j is valid: %s', (id, ttlSeconds, key, expected) => {
  expect(operations[id].idempotency.ttlSeconds).toBe(ttlSeconds)
  expect(operations[id].idempotency.keyPattern.test(key)).toBe(expected)
})
