import type { FastifyInstance } from 'fastify'
import type { BridgeOpened, PaykeyResponse } from '../../../shared/bridge-api.js'
import type { Addresses } from '../../addresses.js'
import { askHallpass } from '../../hallpass/ask-hallpass.js'
import { institutions } from './institutions.js'
import { type AccountChoice, makePaykey } from './make-paykey.js'
import { readBridgeToken } from './read-bridge-token.js'

interface Needs {
  readonly addresses: Addresses
  /** May introspect tokens, and nothing else. */
  readonly secretKey: string
}

const token = { type: 'string', minLength: 1, maxLength: 4096 } as const
const openBody = {
  type: 'object',
  required: ['token'],
  additionalProperties: false,
  properties: { token },
} as const
const paykeyBody = {
  type: 'object',
  required: ['token', 'account'],
  additionalProperties: false,
  properties: {
    token,
    account: {
      oneOf: [
        {
          type: 'object',
          required: ['institution_id', 'account_type'],
          additionalProperties: false,
          properties: {
            institution_id: { type: 'string', maxLength: 40 },
            account_type: { type: 'string', enum: ['checking', 'savings'] },
          },
        },
        {
          type: 'object',
          required: ['routing_number', 'account_number', 'account_type'],
          additionalProperties: false,
          properties: {
            routing_number: { type: 'string', pattern: '^\\d{9}$' },
            account_number: { type: 'string', pattern: '^\\d{4,17}$' },
            account_type: { type: 'string', enum: ['checking', 'savings'] },
          },
        },
      ],
    },
  },
} as const

/** What the bridge widget asks its provider. Every answer is made for a bridge token that Hallpass has just called active. */
export function registerBridge(app: FastifyInstance, { addresses, secretKey }: Needs): void {
  const ask = <T>(bridgeToken: string, answer: (claims: Awaited<ReturnType<typeof readBridgeToken>>) => T) =>
    askHallpass({ hallpassUrl: addresses.hallpassUrl, secretKey, as: 'widget-host' }, async (hallpass) =>
      answer(await readBridgeToken(hallpass, bridgeToken)),
    )

  app.post<{ Body: { token: string } }>('/api/bridge/open', { schema: { body: openBody } }, async (request, reply) => {
    const { status, body } = await ask(
      request.body.token,
      ({ exp }): BridgeOpened => ({ institutions, expires_at: new Date(exp * 1000).toISOString() }),
    )
    return reply.status(status).send(body)
  })

  app.post<{ Body: { token: string; account: AccountChoice } }>(
    '/api/bridge/paykey',
    { schema: { body: paykeyBody } },
    async (request, reply) => {
      const { token: bridgeToken, account } = request.body
      const { status, body } = await ask(bridgeToken, (claims): PaykeyResponse => makePaykey(claims, account))
      return reply.status(status).send(body)
    },
  )
}
