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

/** Embed policies. */
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
      client_key_id: identifier,
      origin: text().optional().describe('The origin to check, such as https://shop.example'),
    }),
    output: EmbedPolicy,
    example: { input: { client_key_id: exampleId, origin: 'https://a.b.shop.example' }, output: example },
  }),
} as const
