import * as z from 'zod'
import { KindName } from '../kinds/declaration.js'
import { FeedCutoff } from '../revocations.js'
import { filledText, identifier, uuid } from '../scalars.js'
import { time } from './schemas.js'

const targets = [
  'session_id',
  'visitor_id',
  'user_id',
  'client_key_id',
  'customer_id',
  'card_id',
  'api_key_id',
  'kind',
  'subject',
  'resource',
  'account',
] as const

export const SessionsRevokeInput = z
  .strictObject({
    session_id: idOfVersion('7', 'must be a session id; give a visitor id as visitor_id')
      .optional()
      .describe('The session to end'),
    visitor_id: idOfVersion('48', 'must be a visitor id; give a session id as session_id')
      .optional()
      .describe('The visitor whose sessions to end'),
    user_id: filledText().optional().describe('Your id of the user; case-sensitive'),
    client_key_id: filledText()
      .refine((id) => !id.startsWith('pk_'), 'must be the id of a client key, not its public name (pk_…)')
      .optional()
      .describe('The id from `admin.clientKeys.list`, not the public name'),
    customer_id: uuid.optional().describe("The customer's bridge tokens, and the card tokens of their cards"),
    card_id: uuid.optional().describe("The card's tokens"),
    api_key_id: identifier
      .refine((id) => !id.startsWith('sk_'), 'must be the id of a secret key, never the secret itself (sk_…)')
      .optional()
      .describe('Everything that this secret key minted; the key itself keeps working'),
    kind: KindName.optional().describe('The tokens of this declared kind'),
    subject: filledText(200).optional().describe('The tokens of declared kinds with this subject'),
    resource: filledText(200).optional().describe('The tokens of declared kinds for this resource'),
    account: z.literal(true).optional().describe('Everything of the acting account'),
    children: z.literal(true).optional().describe('With account: also everything of its child accounts'),
  })
  .superRefine((value, ctx) => {
    if (targets.filter((target) => value[target] !== undefined).length !== 1) {
      ctx.addIssue({ code: 'custom', message: `must name exactly one of ${targets.join(', ')}` })
    }
    if (value.children === undefined || value.account !== undefined) return
    ctx.addIssue({ code: 'custom', path: ['children'], message: 'requires account' })
  })

/** A UUID from the service, lowercased. Its version shows what kind of id it is. */
function idOfVersion(versions: string, message: string) {
  return uuid.refine((id) => versions.includes(id.charAt(14)), message)
}

export const SessionsRevoked = z.object({
  revoked_at: time,
  scope: z
    .enum([
      'session',
      'visitor',
      'user',
      'client_key',
      'customer',
      'card',
      'api_key',
      'kind',
      'subject',
      'resource',
      'account',
    ])
    .describe('What was ended'),
  subject: z.string().describe('The id of what was ended, in its canonical form'),
  not_before: time.optional().describe('Everything of the subject that started up to this time has ended'),
  already_ended: z.boolean().optional().describe('For a session: true if it was already over'),
  accounts_ended: z.int().optional().describe('With children: the number of accounts, including the acting account'),
  key_active: z.boolean().optional().describe('For a secret key: true if it still works; disable it next'),
  feed_cutoff: FeedCutoff.optional(),
})
