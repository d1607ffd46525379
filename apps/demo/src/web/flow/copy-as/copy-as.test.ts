import { describe, expect, test } from 'vitest'
import type { OperationSketch } from '../../../shared/operation-sketch.js'
import type { ShownCall } from '../exchange.js'
import { asCli } from './as-cli.js'
import { asClientCode } from './as-client-code.js'
import { asCurl } from './as-curl.js'

const place = { hallpassUrl: 'http://127.0.0.1:8787', pageOrigin: 'http://127.0.0.1:5173' }
const times = { startedAt: 0, milliseconds: 1, status: 200 }

const bridge: OperationSketch = {
  id: 'bridge.initialize',
  method: 'POST',
  path: '/v1/bridge/initialize',
  pathFields: [],
  queryFields: [],
  body: 'json',
  needsSecretKey: true,
}
const bridgeCall: ShownCall = {
  ...times,
  id: '1',
  from: 'backend',
  to: 'hallpass',
  method: 'POST',
  path: '/trpc/bridge.initialize',
  operation: bridge.id,
  request: {
    headers: {
      authorization: 'Bearer ‹credential›',
      'idempotency-key': "it's a key",
      'hallpass-sandbox-fault': 'expire_in=1',
    },
    body: { customer_id: 'c1', config: { sandbox_outcome: 'active' } },
  },
}

const card: OperationSketch = {
  id: 'card.widgetToken',
  method: 'GET',
  path: '/v1/cards/{card_id}/widget_token',
  pathFields: ['card_id'],
  queryFields: ['widget_type'],
  body: 'ignored',
  needsSecretKey: true,
}
const cardCall: ShownCall = {
  ...bridgeCall,
  path: '/trpc/card.widgetToken',
  operation: card.id,
  request: { headers: {}, body: { card_id: 'k1', widget_type: 'REVEAL' } },
}

const config: OperationSketch = {
  id: 'visitor.config',
  method: 'GET',
  path: '/api/v1/widget/config',
  pathFields: [],
  queryFields: ['client_key'],
  body: 'ignored',
  needsSecretKey: false,
}
const configCall: ShownCall = {
  ...bridgeCall,
  from: 'browser',
  method: 'GET',
  path: '/api/v1/widget/config?client_key=pk_test_acme',
  operation: config.id,
  request: { headers: {} },
}

describe('a call as curl', () => {
  test("uses the documented path and the caller's headers, without the secret key", () => {
    expect(asCurl(bridgeCall, bridge, place)).toBe(
      `curl http://127.0.0.1:8787/v1/bridge/initialize \\
  -H "Authorization: Bearer $HALLPASS_API_KEY" \\
  -H 'idempotency-key: it'\\''s a key' \\
  -H 'hallpass-sandbox-fault: expire_in=1' \\
  -H 'Content-Type: application/json' \\
  -d '{"customer_id":"c1","config":{"sandbox_outcome":"active"}}'`,
    )
  })

  test('puts input into the path and the query', () => {
    expect(asCurl(cardCall, card, place)).toBe(
      `curl 'http://127.0.0.1:8787/v1/cards/k1/widget_token?widget_type=REVEAL' \\
  -H "Authorization: Bearer $HALLPASS_API_KEY"`,
    )
  })

  test("sends the page's origin to public endpoints", () => {
    expect(asCurl(configCall, config, place)).toBe(
      `curl 'http://127.0.0.1:8787/api/v1/widget/config?client_key=pk_test_acme' \\
  -H 'Origin: http://127.0.0.1:5173'`,
    )
  })
})

test('a call as client code', () => {
  expect(asClientCode(bridgeCall, bridge, place)).toBe(`import { createHallpassClient } from '@hallpass/client'

const hallpass = createHallpassClient({ baseUrl: 'http://127.0.0.1:8787', apiKey: process.env.HALLPASS_API_KEY })
const answer = await hallpass.bridge.initialize({
  customer_id: 'c1',
  config: {
    sandbox_outcome: 'active'
  }
}, {
  idempotencyKey: "it's a key",
  sandboxFault: 'expire_in=1'
})`)
})

describe('a call as a command', () => {
  test('has a flag for each field and header', () => {
    expect(asCli(bridgeCall, bridge, place)).toBe(`hallpass bridge initialize \\
  --base-url http://127.0.0.1:8787 \\
  --customer-id c1 \\
  --config.sandbox-outcome active \\
  --idempotency-key 'it'\\''s a key' \\
  --hallpass-sandbox-fault expire_in=1`)
  })

  test("sends the page's origin to public endpoints", () => {
    expect(asCli(configCall, config, place)).toBe(`hallpass visitor config \\
  --base-url http://127.0.0.1:8787 \\
  --origin http://127.0.0.1:5173 \\
  --client-key pk_test_acme`)
  })

  test("uses the CLI's name for cards", () => {
    expect(asCli(cardCall, card, place)).toMatch(/^hallpass cards widget-token /)
  })
})
