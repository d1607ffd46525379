import * as z from 'zod'
import { secretKeyReasons } from './core/reasons.js'
import { defineOperation } from './operation.js'
import { filledText } from './scalars.js'

const IdentifyInput = z.strictObject({
  id_or_secret: filledText().describe(
    'An id, the public name of a client key, the name of a declared kind, or a secret key',
  ),
})

const Identified = z.object({
  data: z
    .array(
      z.object({
        kind: z.enum(['client_key', 'api_key', 'customer', 'card', 'account', 'kind']).describe('What it is'),
        id: z.string().describe('Its id'),
        is_caller: z.literal(true).optional().describe('True for the secret key that makes this call'),
      }),
    )
    .describe('Everything that matches; empty if nothing does'),
})

export const tokensIdentify = defineOperation({
  id: 'tokens.identify',
  // a mutation, so that no transport carries a secret in a URL
  kind: 'mutation',
  summary: 'Find what an id or a key belongs to',
  description:
    'Lists what has this id, public name or secret: client keys, secret keys, customers, cards and declared kinds of the acting account, enabled or not, and the account itself or a child account. Nothing is changed. The text can be a secret, so it is accepted only in the body and is neither logged nor stored. Sessions, visitors and users are not stored. To identify a token, introspect it.',
  methods: ['POST'],
  paths: ['/v1/admin/identify'],
  body: 'json',
  calledFrom: 'backend',
  caller: { by: 'secret_key', scope: 'admin:read' },
  mints: null,
  spends: null,
  audited: 'never',
  counted: true,
  priority: 'normal',
  input: IdentifyInput,
  output: Identified,
  dialect: 'code',
  repeatable: true,
  refusals: [...secretKeyReasons],
  example: {
    input: { id_or_secret: 'pk_test_acme' },
    output: { data: [{ kind: 'client_key', id: '01a1fd3a-c62d-7ea6-8b6d-a97e08d21893' }] },
  },
})
