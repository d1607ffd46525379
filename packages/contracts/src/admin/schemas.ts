import * as z from 'zod'
import { CardStatus } from '../card.js'
import {
  AccountRateLimit,
  ClientKeyId,
  ClientKeyPatch,
  ClientKeySettings,
  CustomerStatus,
  FixtureCard,
  ObserveUntil,
} from '../fixture.js'
import { isHttpOrigin } from '../page-origin.js'
import { FeedCutoff } from '../revocations.js'
import { atMost, filledText, identifier, text, uuid } from '../scalars.js'
import { Scope } from '../scopes.js'

const name = text(200).describe('For people; has no effect')
const apiKeyId = identifier.describe('The id of the secret key, not the secret')
export const clientKeyId = identifier.describe('The id from admin.clientKeys.list, not the public name')
export const time = z.iso.datetime().describe('RFC 3339, UTC')

/** One page of a list. To read the next page, pass `next_cursor` as `cursor`; the last page has no `next_cursor`. */
export const PageInput = {
  cursor: filledText(200).optional().describe('The next_cursor of the previous page'),
  // REST sends a string in the query, tRPC a number
  limit: z.coerce
    .number<number | string>('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100')
    .default(50)
    .describe('The page size, 1 to 100'),
}

/** The whole of a list. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.object({ data: z.array(item).describe('The entries') })

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  listOf(item).extend({
    next_cursor: z.string().optional().describe('The cursor of the next page; absent on the last one'),
  })

export const AdminAccount = z.object({
  id: z.string().describe('The id of the account'),
  name: z.string().describe('For people; has no effect'),
  tenant: z.string().describe('The tenant label, such as 2_3, in responses of the Card API'),
  environment: z.enum(['sandbox', 'production']).describe('Keys, tokens and faults differ; it never changes'),
  parent_id: z.string().nullable().describe('The account that created it and can act for it'),
  disabled: z.boolean().describe('While true, its keys are refused and its tokens and sessions are not valid'),
  rate_limit: z
    .object({
      requests_per_second: z.int().describe('For all secret keys of the account together; 0 is unlimited'),
      requests_per_second_per_key: z.int().describe('For each secret key; 0 is no separate limit'),
    })
    .describe('How many calls its secret keys may make'),
})

export const AccountCreateInput = z.strictObject({
  name: name.default(''),
  tenant: filledText(100).describe('The tenant label, such as 2_3'),
})

const unchanged = 'Accepted if unchanged, so you can send a record back'

/** Fields that are left out keep their value. */
export const AccountUpdateInput = z.strictObject({
  account_id: uuid.describe('The acting account, or a child of it'),
  name: name.optional(),
  disabled: z.boolean().optional().describe('For a child account. Enabling it does not bring its tokens back'),
  rate_limit: AccountRateLimit.optional().describe('For a child account'),
  id: uuid.optional().describe(unchanged),
  tenant: filledText(100).optional().describe(unchanged),
  environment: z.enum(['sandbox', 'production']).optional().describe(unchanged),
  parent_id: uuid.nullish().describe(unchanged),
})

export const AdminApiKey = z.object({
  id: z.string().describe('The id of the secret key, not the secret'),
  name: z.string().describe('For people; has no effect'),
  scopes: z.array(Scope).describe('What the key can do; * is everything except host'),
  disabled: z.boolean().describe('A disabled key gets the responses of an unknown one'),
  created_at: time,
  expires_at: time.nullable().describe('RFC 3339, UTC; null if it never expires'),
  last_used_on: z.iso.date().nullable().describe('The day it was last used, UTC'),
  successor_id: z.string().nullable().describe('The key that replaced it in a rotation'),
  hint: z
    .string()
    .nullable()
    .describe('Prefix and last characters of the secret; null for short keys and keys created before hints existed'),
})

export const NewApiKey = AdminApiKey.extend({ secret: z.string().describe('Shown once and never stored') })

export const ApiKeyCreateInput = z.strictObject({
  name: name.default(''),
  scopes: atMost(100, z.array(Scope).min(1, 'must name at least one scope')).describe(
    'The calling key must have every one of them',
  ),
  expires_in: z
    .int()
    .min(60)
    .max(315_360_000)
    .nullish()
    .describe('Seconds until it expires; without it, the key never expires'),
})

export const ApiKeyRotateInput = z.strictObject({
  api_key_id: apiKeyId,
  overlap_seconds: z.int().min(0).max(2_592_000).default(86_400).describe('How long the old key keeps working'),
})

export const ApiKeyDisableInput = z.strictObject({
  api_key_id: apiKeyId,
  include_successors: z
    .boolean()
    .default(false)
    .describe('Whether to also disable every key that replaced it, even if it is in use'),
  revoke_minted: z
    .boolean()
    .default(false)
    .describe('Whether to also end every token and session that the disabled keys minted'),
  force: z.boolean().default(false).describe('Whether to disable it even if no other key can administer the account'),
})

export const DisabledApiKey = AdminApiKey.extend({
  disabled_successor_ids: z.array(z.string()).describe('Keys that replaced it and were disabled with it'),
  active_successor_id: z.string().nullable().describe('The key that replaced it and still works'),
  not_before: time.optional().describe('With revoke_minted: everything the keys minted up to this time has ended'),
  feed_cutoff: FeedCutoff.optional(),
})

export const AdminClientKey = ClientKeySettings.extend({
  id: z.string().describe('The id of the client key'),
  client_key: z.string().describe('The public identifier, pk_live_… or pk_test_…'),
  origin_allowlist: z.array(z.string()).describe('The origins on which the key works; none if empty'),
  supported_locales: z.array(z.string()).describe('The languages of the widget'),
  disabled: ClientKeyPatch.shape.disabled.unwrap(),
  observe_until: time.optional().describe('When observe mode ends; absent if it is off'),
})

export const ClientKeyCreateInput = ClientKeySettings.extend({ observe_until: ObserveUntil.optional() })
export const ClientKeyUpdateInput = ClientKeyPatch.extend({
  client_key_id: clientKeyId,
  id: identifier.optional().describe('Accepted if unchanged, so you can send a record back'),
  client_key: ClientKeyId.optional().describe('Accepted if unchanged, so you can send a record back'),
}).superRefine(({ id, client_key_id }, ctx) => {
  if (id === undefined || id === client_key_id) return
  ctx.addIssue({ code: 'custom', path: ['id'], message: 'must be the id of the client key you update' })
})

export const ClientKeyAllowOriginInput = z.strictObject({
  client_key_id: clientKeyId,
  origin: text().refine(isHttpOrigin, 'must be an origin such as https://shop.example').describe('The origin to allow'),
})

const customerStatus = CustomerStatus.describe('Decides whether Bridge tokens are issued for the customer')

export const AdminCustomer = z.object({
  id: z.string().describe('The id of the customer'),
  name: z.string().describe('For people; has no effect'),
  status: customerStatus,
})
export const AdminCard = z.object({
  id: z.string().describe('The id of the card'),
  customer_id: z.string().describe('The holder'),
  status: CardStatus.describe('Decides which widgets can open'),
  last_four: z.string().nullable().describe('The last four digits of the card number'),
})

/** Fields left out keep their value. A new customer is verified, a new card unactivated. */
export const CustomerUpsertInput = z.strictObject({
  id: uuid.describe('The id of the customer, which you choose'),
  name: name.optional(),
  status: customerStatus.optional(),
})
export const CardUpsertInput = FixtureCard.extend({
  status: CardStatus.optional().describe('Decides which widgets can open'),
})

export const CustomerGetInput = z.strictObject({ customer_id: uuid.describe('The id of the customer') })
export const CardGetInput = z.strictObject({ card_id: uuid.describe('The id of the card') })
