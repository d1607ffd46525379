import type { BridgeClaims } from '@hallpass/contracts'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { BridgeOpened, PaykeyResponse } from '../../../shared/bridge-api.js'
import type { Addresses } from '../../addresses.js'
import { replyFromHallpass } from '../../hallpass/ask-hallpass.js'
import { readBridgeToken } from '../read-token.js'
import { institutions } from './institutions.js'
import { type AccountChoice, makePaykey } from './make-paykey.js'

interface Deps {
  readonly addresses: Addresses
  /** A key with the scope to introspect tokens only. */
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

/** The bridge widget's API. Every request presents a bridge token, which Hallpass must report as active. */
export function registerBridge(app: FastifyInstance, { addresses, secretKey }: Deps): void {
  const answer = <T>(reply: FastifyReply, bridgeToken: string, answerFor: (claims: BridgeClaims) => T) =>
    replyFromHallpass(reply, { hallpassUrl: addresses.hallpassUrl, secretKey, as: 'widget-host' }, async (hallpass) =>
      answerFor(await readBridgeToken(hallpass, bridgeToken)),
    )

  app.post<{ Body: { token: string } }>('/api/bridge/open', { schema: { body: openBody } }, (request, reply) =>
    answer(
      reply,
      request.body.token,
      ({ exp }): BridgeOpened => ({ institutions, expires_at: new Date(exp * 1000).toISOString() }),
    ),
  )

  app.post<{ Body: { token: string; account: AccountChoice } }>(
    '/api/bridge/paykey',
    { schema: { body: paykeyBody } },
    (request, reply) => {
      const { token: bridgeToken, account } = request.body
      return answer(reply, bridgeToken, (claims): PaykeyResponse => makePaykey(claims, account))
    },
  )
}
