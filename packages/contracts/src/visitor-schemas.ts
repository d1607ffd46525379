import * as z from 'zod'
import { email, visitorLocale } from './people.js'
import { filledText, sentJsonObject, text, texts, webUrl } from './scalars.js'

/** Tokens can be longer than other text. The token parser has its own limit. */
const token = z.string().min(1, 'must not be empty')
const clientKey = filledText().describe('The public identifier, pk_live_… or pk_test_…')
const agentId = filledText().describe("Must be the client key's agent")

export const GuestInput = z.strictObject({
  client_key: clientKey,
  agent_id: agentId.optional(),
  locale: visitorLocale.optional(),
  metadata: sentJsonObject
    .optional()
    .describe('Unverified data from the page about its visitor; becomes the claim metadata of the session'),
  embed_ticket: token.optional().describe('Required if the call comes from a widget origin of the server'),
})

export const UserTokenInput = z
  .strictObject({
    client_key: clientKey,
    user_id: filledText().optional().describe('Your id of the logged-in user; required'),
    external_user_id: filledText().optional().describe('Alias of user_id'),
    display_name: text().optional().describe('The name of the user; becomes a claim of the session'),
    email: email.optional().describe('The email address of the user; becomes a claim of the session'),
    agent_id: agentId.optional(),
    traits: sentJsonObject.optional().describe('What you know about the user; becomes the claim traits of the session'),
  })
  .superRefine(aliasesAgree('user_id', 'external_user_id'))

export const ExchangeInput = z
  .strictObject({
    token: token.optional().describe('The visitor token; required'),
    user_token: token.optional().describe('Alias of token'),
    subject_token: token
      .optional()
      .describe('Instead of a visitor token: a JWT of an issuer that the client key trusts; needs client_key'),
    client_key: clientKey
      .optional()
      .describe('The client key of the page; a token of another client key is refused as client_key_mismatch'),
    session_token: token.optional().describe('A live guest session to promote; it keeps its visitor_id'),
    embed_ticket: token
      .optional()
      .describe(
        'From a widget origin of the server: proves the embedding page, whose origin becomes the origin of the session',
      ),
  })
  .superRefine(aliasesAgree('token', 'user_token'))
  .superRefine(({ token, user_token, subject_token }, ctx) => {
    if (subject_token === undefined || (token ?? user_token) === undefined) return
    ctx.addIssue({ code: 'custom', path: ['subject_token'], message: 'must not be sent together with a visitor token' })
  })

export const RefreshInput = z.strictObject({
  refresh_token: token.describe('The newest refresh token of the session'),
})

export const LoggedOut = z.object({ session_id: z.string().describe('The session that has ended') })

export const ConfigInput = z.strictObject({ client_key: clientKey })

export const EmbedTicketInput = z.strictObject({ client_key: clientKey })

const authMode = z.enum(['guest', 'user'])
const expiresAt = z.iso.datetime().describe('RFC 3339, UTC')
const seconds = z.int().nonnegative().describe('Lifetime in seconds')

export const WidgetSession = z.object({
  token: z.string().describe('Session JWT'),
  token_type: z.enum(['Bearer', 'DPoP']).describe('DPoP if the session is bound to a key (RFC 9449)'),
  expires_in: seconds,
  expires_at: expiresAt,
  refresh_token: z.string().describe('Opaque; replaced at every use'),
  refresh_expires_in: z.int().nonnegative().describe('Lifetime of the refresh token in seconds'),
  session_id: z.string().describe('Stays the same when the session is refreshed'),
  visitor_id: z.string().describe('Stays the same when a guest becomes a user'),
  auth_mode: authMode.describe('Whether the visitor is a guest or a user'),
  agent_id: z.string().describe('The agent of the client key'),
  user: z
    .object({
      id: z.string().describe('Your id of the user'),
      display_name: z.string().optional().describe('The name of the user'),
      email: z.string().optional().describe('The email address of the user, which is not verified'),
    })
    .optional()
    .describe('The user as your backend named them; absent for a guest'),
})
export type WidgetSession = z.infer<typeof WidgetSession>

export const UserToken = z.object({
  token: z.string().describe('Visitor JWT; can be exchanged once'),
  user_token: z.string().describe('The same value as token'),
  token_type: z.literal('Bearer').describe('The page sends it in the body of the exchange'),
  expires_in: seconds,
  expires_at: expiresAt,
})

export const EmbedTicket = z.object({
  ticket: z.string().describe('Embed ticket JWT; can be used once'),
  expires_in: seconds,
})

export const Agent = z.strictObject({
  id: filledText(200).describe('Your id of the agent; a claim of each session'),
  display_name: text(200).describe('The name that the widget shows'),
  avatar_url: webUrl.optional().describe('The picture that the widget shows'),
})
const color = z.string().regex(/^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/, 'must be a color such as #2563eb')
const brandingFields = {
  primary_color: color.describe('The main color, such as #2563eb'),
  accent_color: color.describe('The second color, such as #111827'),
  logo_url: webUrl.optional().describe('The picture of the brand'),
  launcher_position: z.enum(['br', 'bl', 'tr', 'tl']).describe('The corner of the page: b or t, then r or l'),
}
export const BrandingPatch = z
  .strictObject({
    ...brandingFields,
    logo_url: webUrl.nullable().describe('The picture of the brand; null removes it'),
  })
  .partial()
export const Branding = z.strictObject({
  ...brandingFields,
  primary_color: brandingFields.primary_color.default('#2563eb'),
  accent_color: brandingFields.accent_color.default('#111827'),
  launcher_position: brandingFields.launcher_position.default('br'),
})
export const Copy = texts({
  greeting: text().default('').describe('The first text that the widget shows'),
  launcher_label: text().default('').describe('The text of the button that opens the widget'),
  privacy_notice: text().optional().describe('What the widget says about privacy'),
})

export const WidgetConfig = z.object({
  client_key: clientKey,
  widget_enabled: z.boolean().describe('Whether sessions can begin'),
  auth_mode: z.enum(['guest', 'user', 'both']).describe('Who can have a session'),
  agent: Agent.describe('Who speaks to the visitor'),
  branding: Branding.describe('The colors of the widget and where it opens'),
  copy: Copy.describe('Texts of the widget'),
  locale: z.string().describe('The language of the texts, such as en or pt-BR'),
  supported_locales: z.array(z.string()).describe('The languages that the widget can use'),
})
export type WidgetConfig = z.infer<typeof WidgetConfig>

function aliasesAgree(name: string, alias: string) {
  return (value: Record<string, unknown>, ctx: z.RefinementCtx) => {
    if (value[name] !== undefined && value[alias] !== undefined && value[name] !== value[alias]) {
      ctx.addIssue({ code: 'custom', path: [alias], message: `must equal ${name} if both are given` })
    }
  }
}
