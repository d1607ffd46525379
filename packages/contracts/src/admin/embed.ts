import * as z from 'zod'
import { parseAllowlistEntry } from '../allowlist.js'
import { EmbedPolicy, embedPolicy } from '../embed/embed-policy.js'
import { ClientKeySettings } from '../fixture.js'
import { defineOperation } from '../operation.js'
import { text } from '../scalars.js'
import { exampleId, read } from './common.js'
import { clientKeyId } from './schemas.js'

const shop = parseAllowlistEntry('*.shop.example')
const example = embedPolicy({
  rules: shop ? [shop] : [],
  service: 'https://pass.example',
  widgetOrigins: ['https://widgets.example'],
  origin: 'https://a.b.shop.example',
})

const Total = z.object({
  calls: z.int().describe('How many calls'),
  origins: z.int().describe('How many origins they came from'),
})

const Trial = z.object({
  origins: z
    .array(
      z.object({
        origin: z.string().describe('The origin of the calls'),
        allowed_calls: z.int().describe('Calls that were allowed'),
        refused_calls: z.int().describe('Calls that were refused because of their origin'),
        would_be_allowed: z.boolean().describe('Whether the list that is tried allows the origin'),
      }),
    )
    .describe('The origins of the last 24 hours, most calls first'),
  other_calls: z
    .int()
    .describe('Calls of origins beyond the 50 that are counted separately in an hour, and of invalid ones'),
  unlisted_origins: z
    .array(
      z.object({
        origin: z.string().describe('The origin'),
        seen_at: z.iso.datetime().describe('When it was last seen; RFC 3339, UTC'),
        would_be_allowed: z.boolean().describe('Whether the list that is tried allows it'),
      }),
    )
    .describe('In observe mode: the origins that got sessions without being allowed, at most 50'),
  would_refuse: Total.describe('Calls that were allowed, and would have been refused'),
  would_allow: Total.describe('Calls that were refused, and would have been allowed'),
  summary: z.string().describe('The result in one sentence'),
})

/** Embed policies, and allowlists tried on past calls. */
export const adminEmbedOperations = {
  'admin.clientKeys.embedPolicy': defineOperation({
    ...read,
    id: 'admin.clientKeys.embedPolicy',
    summary: 'Show how a widget may be embedded',
    description:
      'Derives from the allowlist of one client key what a page needs to embed the widget: the `frame-ancestors` directive of the widget page, the directives that the host page needs and the attributes of the iframe. Give an `origin` to see whether it is allowed and why.',
    paths: ['/v1/admin/client_keys/{client_key_id}/embed_policy'],
    pathFields: ['client_key_id'],
    queryFields: ['origin'],
    input: z.strictObject({
      client_key_id: clientKeyId,
      origin: text().optional().describe('The origin to check, such as https://shop.example'),
    }),
    output: EmbedPolicy,
    example: { input: { client_key_id: exampleId, origin: 'https://a.b.shop.example' }, output: example },
  }),
  'admin.clientKeys.try': defineOperation({
    ...read,
    id: 'admin.clientKeys.try',
    // the list is too long for a query
    kind: 'mutation',
    methods: ['POST'],
    body: 'json',
    repeatable: true,
    summary: 'Try a list of allowed origins on yesterday’s calls',
    description:
      'Shows what an allowlist would have done to the calls of the last 24 hours with one client key: which would have been refused, and which allowed. Changes nothing. Without `origin_allowlist`, the current one is tried. Calls are counted by origin and hour, and the counts are written a few seconds late. Calls of the server’s own widgets are not counted.',
    paths: ['/v1/admin/client_keys/{client_key_id}/try'],
    pathFields: ['client_key_id'],
    input: z.strictObject({
      client_key_id: clientKeyId,
      origin_allowlist: ClientKeySettings.shape.origin_allowlist.unwrap().optional(),
    }),
    output: Trial,
    example: {
      input: { client_key_id: exampleId, origin_allowlist: ['https://shop.example'] },
      output: {
        origins: [
          { origin: 'https://old.example', allowed_calls: 312, refused_calls: 0, would_be_allowed: false },
          { origin: 'https://shop.example', allowed_calls: 0, refused_calls: 40, would_be_allowed: true },
        ],
        other_calls: 0,
        unlisted_origins: [],
        would_refuse: { calls: 312, origins: 1 },
        would_allow: { calls: 40, origins: 1 },
        summary:
          'This would have refused 312 calls from 1 origin and allowed 40 calls from 1 origin in the last 24 hours.',
      },
    },
  }),
} as const
