import * as z from 'zod'
import { parseAllowlistEntry } from '../allowlist.js'
import { EmbedPolicy, embedPolicy } from '../embed/embed-policy.js'
import { defineOperation } from '../operation.js'
import { identifier, text } from '../scalars.js'
import { exampleId, read } from './common.js'

const shop = parseAllowlistEntry('*.shop.example')
const example = embedPolicy({
  rules: shop ? [shop] : [],
  service: 'https://pass.example',
  widgetOrigins: ['https://widgets.example'],
  origin: 'https://a.b.shop.example',
})

/** What embedding a widget asks of the pages concerned. */
export const adminEmbedOperations = {
  'admin.clientKeys.embedPolicy': defineOperation({
    ...read,
    id: 'admin.clientKeys.embedPolicy',
    summary: 'Show how a widget may be embedded',
    description:
      'From the allowlist of one client key: the `frame-ancestors` line of the widget page, what the policy of the page around needs, the attributes of the iframe and, for one `origin`, whether it is let in and why.',
    paths: ['/v1/admin/client_keys/{client_key_id}/embed_policy'],
    pathFields: ['client_key_id'],
    queryFields: ['origin'],
    input: z.strictObject({
      client_key_id: identifier,
      origin: text().optional().describe('A page to ask about, such as https://shop.example'),
    }),
    output: EmbedPolicy,
    example: { input: { client_key_id: exampleId, origin: 'https://a.b.shop.example' }, output: example },
  }),
} as const
