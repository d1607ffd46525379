import * as z from 'zod'
import { tokenAlgs } from '../core/is-signed-by.js'
import { defineOperation } from '../operation.js'
import { identifier } from '../scalars.js'
import { exampleTime, hostOnly, listExample, plainWrite, read, write } from './common.js'
import { listOf, time } from './schemas.js'
import { SessionsRevoked, SessionsRevokeInput } from './sessions-revoke.js'

const AdminSigningKey = z.object({
  kid: z.string().describe('The thumbprint of the public key (RFC 7638), in the header of each token'),
  alg: z.enum(tokenAlgs).describe('The algorithm of its signatures'),
  state: z
    .enum(['announced', 'active', 'retiring'])
    .describe('Published only, signing, or published until the last token it signed has expired'),
  created_at: time,
  activates_at: time.describe('When it begins to sign (RFC 3339, UTC)'),
})

const signingKey = {
  kid: 'DbnE-bj1jooilgLGeObwm0w8nra3uGsn0GSrEFc7Zr0',
  alg: 'ES256',
  state: 'active',
  created_at: exampleTime,
  activates_at: exampleTime,
}

/** Sessions and signing keys. */
export const adminSessionsOperations = {
  'admin.sessions.revoke': defineOperation({
    ...write,
    id: 'admin.sessions.revoke',
    priority: 'high',
    summary: 'End sessions and tokens',
    description:
      'Ends one session, or everything that a visitor, user, client key, customer, card, secret key or the whole account has started so far, or the tokens of a declared kind, or those of any declared kind for a subject or a resource. With `children`, the child accounts are included. A secret key is not disabled by this: everything it minted ends, but it can mint again until you disable it. Returns 422 if the id is of another kind, and 404 if the client key, customer, card, secret key or kind is not in the account or the session is over. Users, visitors, subjects and resources are not stored, so any of these is accepted.',
    paths: ['/v1/admin/sessions/revoke'],
    input: SessionsRevokeInput,
    output: SessionsRevoked,
    example: {
      input: { user_id: 'user_42' },
      output: { revoked_at: exampleTime, scope: 'user', subject: 'user_42', not_before: exampleTime },
    },
  }),
  'admin.signingKeys.list': defineOperation({
    ...read,
    id: 'admin.signingKeys.list',
    ...hostOnly,
    summary: 'List signing keys',
    description: 'Lists the public data of every signing key. The key that becomes active last comes first.',
    paths: ['/v1/admin/signing_keys'],
    input: z.strictObject({}),
    output: listOf(AdminSigningKey),
    example: listExample(signingKey),
  }),
  'admin.signingKeys.rotate': defineOperation({
    ...plainWrite,
    id: 'admin.signingKeys.rotate',
    ...hostOnly,
    summary: 'Announce the next signing key',
    description: 'The key is published now and starts to sign in 15 minutes, so every verifier has time to load it.',
    paths: ['/v1/admin/signing_keys/rotate'],
    input: z.strictObject({}),
    output: AdminSigningKey,
    example: { input: {}, output: { ...signingKey, state: 'announced' } },
  }),
  'admin.signingKeys.revoke': defineOperation({
    ...plainWrite,
    id: 'admin.signingKeys.revoke',
    priority: 'high',
    ...hostOnly,
    summary: 'Revoke a signing key immediately',
    description: 'Use this if a key leaked. Every token it signed becomes invalid, and a new key signs from then on.',
    paths: ['/v1/admin/signing_keys/{kid}/revoke'],
    pathFields: ['kid'],
    input: z.strictObject({ kid: identifier.describe('The id of the signing key, from admin.signingKeys.list') }),
    output: listOf(AdminSigningKey),
    example: { input: { kid: signingKey.kid }, output: { data: [signingKey] } },
  }),
} as const
