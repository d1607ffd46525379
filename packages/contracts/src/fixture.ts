import * as z from 'zod'
import { AllowlistEntry } from './allowlist.js'
import { CardStatus } from './card.js'
import { sessionTyps } from './claims.js'
import { customerStatuses } from './core/enums.js'
import { tokenAlgs } from './core/is-signed-by.js'
import { FixtureKind, maxKinds } from './kinds/declaration.js'
import { OwnAudience } from './own-audience.js'
import { languageTag } from './people.js'
import { publishedSecrets } from './published-secrets.js'
import { atMost, filledText, text, uuid } from './scalars.js'
import { Scope } from './scopes.js'
import { TrustedIssuers } from './trusted-issuers.js'
import { Agent, Branding, BrandingPatch, Copy } from './visitor-schemas.js'

/** A secret key that an account provides: 1 to 200 printable ASCII characters without leading or trailing spaces. */
export const SecretKey = z
  .string('must be a string')
  .regex(
    /^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/,
    'must be 1 to 200 printable ASCII characters without leading or trailing spaces',
  )

/** A shorter secret can be guessed. Keys that Hallpass generates are longer. */
const minProductionSecretLength = 16

/** A client key. It is public and can appear in a URL, so it contains only characters that need no escaping. */
export const ClientKeyId = z
  .string('must be a string')
  .regex(/^pk_(test|live)_[A-Za-z0-9_-]{1,200}$/, 'must look like pk_test_… or pk_live_…')

export const CustomerStatus = z.enum(customerStatuses)

const name = text(200).describe('For people; has no effect')
const limit = z.int('must be a whole number').min(0).max(100_000)
const total = z.int('must be a whole number').min(0).max(10_000_000)

const ClientKeyLimits = z.strictObject({
  guest_per_minute: limit.optional().describe('Guest sessions and embed tickets per minute and address; 0 is no limit'),
  guest_per_minute_total: total
    .optional()
    .describe('Guest sessions and embed tickets per minute over all addresses; 0 is no limit'),
})

const disabled = z.boolean().describe('A disabled key gets the responses of an unknown one')

/** If absent, a new key is enabled and an existing key keeps its state, so an import never re-enables a key by accident. */
const isDisabled = disabled.optional()

const FixtureApiKey = z.strictObject({
  name: name.default(''),
  /** Absent in an export, because secrets are not stored. */
  secret: SecretKey.optional(),
  scopes: atMost(100, z.array(Scope).min(1, 'must name at least one scope')),
  disabled: isDisabled,
})

/** How the session tokens of a client key are made out, for gateways that require it. */
const SessionTokenForm = z
  .strictObject({
    audience: OwnAudience.optional().describe(
      'The claim aud; widget-session by default. No other account of the server can use it',
    ),
    typ: z.enum(sessionTyps).default('widget-session+jwt').describe('The header typ. JWT and at+jwt need an audience'),
    alg: z.enum(tokenAlgs).optional().describe("The header alg; by default, the server's algorithm"),
  })
  .refine(({ audience, alg }) => audience !== undefined || alg !== undefined, 'must have an audience or an alg')
  .refine(({ audience, typ }) => audience !== undefined || typ === 'widget-session+jwt', {
    path: ['typ'],
    message: 'must be widget-session+jwt without an audience',
  })
export type SessionTokenForm = z.infer<typeof SessionTokenForm>

const clientKeyFields = {
  name,
  origin_allowlist: atMost(200, z.array(AllowlistEntry)).describe('The origins on which the key works; none if empty'),
  auth_mode: z.enum(['guest', 'user', 'both']).describe('Who can have a session'),
  widget_enabled: z.boolean().describe('Whether sessions can begin; the config is readable either way'),
  bind: z
    .enum(['off', 'prefer', 'require'])
    .optional()
    .describe('Whether new sessions are bound to a key of the browser (RFC 9449); off by default'),
  session_token: SessionTokenForm.nullable()
    .optional()
    .describe('How session tokens are made out for gateways; by default, aud is widget-session'),
  trusted_issuers: TrustedIssuers.optional().describe('The identity providers whose tokens begin sessions of users'),
  agent: Agent.describe('Who speaks to the visitor'),
  branding: Branding.describe('The colors of the widget and where it opens'),
  copy: Copy.describe('Texts of the widget, and any texts of your own'),
  locale: languageTag.describe('The language of the texts, such as en or pt-BR'),
  supported_locales: atMost(200, z.array(languageTag)).optional().describe('By default, locale only'),
  rate_limit: ClientKeyLimits.optional().describe('Limits of the key; by default, those of the server'),
}

/** When observe mode ends. Not a part of a fixture, because it is a state that passes. */
export const ObserveUntil = z.iso
  .datetime()
  .nullable()
  .describe(
    'Until then, origins that are not allowed can have sessions, marked `origin_unlisted`. At most 7 days ahead, 3 in production. null ends it and those sessions',
  )

/** The settings of a client key. */
export const ClientKeySettings = z.strictObject({
  ...clientKeyFields,
  name: name.default(''),
  origin_allowlist: clientKeyFields.origin_allowlist.default([]),
  auth_mode: clientKeyFields.auth_mode.default('both'),
  widget_enabled: clientKeyFields.widget_enabled.default(true),
  branding: clientKeyFields.branding.prefault({}),
  copy: clientKeyFields.copy.prefault({}),
  locale: clientKeyFields.locale.default('en'),
})
export type ClientKeySettings = z.infer<typeof ClientKeySettings>

/** Changes to a client key. Fields left out keep their value, also inside `branding`; `copy` is replaced as a whole. */
export const ClientKeyPatch = z
  .strictObject({
    ...clientKeyFields,
    rate_limit: ClientKeyLimits.extend({
      guest_per_minute_total: total
        .nullish()
        .describe('Guest sessions and embed tickets per minute over all addresses; 0 is no limit, null the default'),
    }).describe('Limits of the key; those you leave out stay'),
    branding: BrandingPatch.describe('Colors and positions to change; the others stay'),
    disabled,
    observe_until: ObserveUntil,
  })
  .partial()
export type ClientKeyPatch = z.infer<typeof ClientKeyPatch>

const FixtureClientKey = ClientKeySettings.extend({
  client_key: ClientKeyId,
  disabled: isDisabled,
})

const FixtureCustomer = z.strictObject({
  id: uuid,
  name: name.default(''),
  status: CustomerStatus.default('verified'),
})

export const FixtureCard = z.strictObject({
  id: uuid.describe('The id of the card, which you choose'),
  customer_id: uuid.describe('The holder'),
  status: CardStatus.default('UNACTIVATED').describe('Decides which widgets can open'),
  last_four: z
    .string()
    .regex(/^\d{4}$/, 'must be four digits')
    .nullish()
    .describe('The last four digits of the card number'),
})

export const AccountRateLimit = z.strictObject({
  requests_per_second: limit.optional().describe('For all secret keys of the account together; 0 is unlimited'),
  requests_per_second_per_key: limit.optional().describe('For each secret key; 0 is no separate limit'),
})

export const FixtureAccount = z.strictObject({
  id: uuid,
  name: name.default(''),
  tenant: filledText(100),
  environment: z.enum(['sandbox', 'production']),
  parent_id: uuid.nullish(),
  /** As for keys: if absent, an account keeps its state. */
  disabled: z
    .boolean()
    .optional()
    .describe('While true, its keys are refused and its tokens and sessions are not valid'),
  rate_limit: AccountRateLimit.optional(),
  api_keys: z.array(FixtureApiKey).default([]),
  client_keys: z.array(FixtureClientKey).default([]),
  customers: z.array(FixtureCustomer).default([]),
  cards: z.array(FixtureCard).default([]),
  kinds: atMost(maxKinds, z.array(FixtureKind)).optional(),
})

/** The initial data of a server: accounts in any order, with their keys, customers and cards. */
export const Fixture = z.strictObject({ accounts: z.array(FixtureAccount) }).superRefine((fixture, ctx) => {
  const seen = new Set<string>()
  const requireUnique = (kind: string, value: string, path: (string | number)[]) => {
    const key = `${kind} ${value}`
    if (seen.has(key)) ctx.addIssue({ code: 'custom', path, message: `is a duplicate ${kind}` })
    seen.add(key)
  }
  const requireStrength = (environment: string, secret: string | undefined, path: (string | number)[]) => {
    if (environment !== 'production' || secret === undefined) return
    if (secret.length < minProductionSecretLength) {
      const message = `must be at least ${minProductionSecretLength} characters in a production account`
      ctx.addIssue({ code: 'custom', path, message })
    } else if (publishedSecrets.has(secret)) {
      ctx.addIssue({
        code: 'custom',
        path,
        message: 'is published in the documentation, and only for sandbox accounts',
      })
    }
  }
  for (const [a, account] of fixture.accounts.entries()) {
    requireUnique('account id', account.id, ['accounts', a, 'id'])
    for (const [i, key] of account.api_keys.entries()) {
      requireStrength(account.environment, key.secret, ['accounts', a, 'api_keys', i, 'secret'])
      if (key.secret !== undefined) requireUnique('secret key', key.secret, ['accounts', a, 'api_keys', i, 'secret'])
      // a key without a secret is identified by its name
      else requireUnique(`secret key name of account ${account.id}`, key.name, ['accounts', a, 'api_keys', i, 'name'])
    }
    for (const [i, key] of account.client_keys.entries())
      requireUnique('client key', key.client_key, ['accounts', a, 'client_keys', i, 'client_key'])
    for (const [i, customer] of account.customers.entries())
      requireUnique('customer id', customer.id, ['accounts', a, 'customers', i, 'id'])
    for (const [i, card] of account.cards.entries())
      requireUnique('card id', card.id, ['accounts', a, 'cards', i, 'id'])
    for (const [i, kind] of (account.kinds ?? []).entries())
      requireUnique(`kind of account ${account.id}`, kind.name, ['accounts', a, 'kinds', i, 'name'])
  }
})
export type Fixture = z.infer<typeof Fixture>
export type FixtureAccount = z.infer<typeof FixtureAccount>
