import * as z from 'zod'
import { defineOperation } from '../operation.js'
import { identifier } from '../scalars.js'
import { exampleTime, hostOnly, listExample, plainWrite, read, write } from './common.js'
import { AdminSigningKey, SessionsRevoked, SessionsRevokeInput } from './schemas.js'

const signingKey = {
  kid: 'DbnE-bj1jooilgLGeObwm0w8nra3uGsn0GSrEFc7Zr0',
  alg: 'EdDSA',
  state: 'active',
  created_at: exampleTime,
  activates_at: exampleTime,
}

/** Sessions and signing keys. */
export const adminSessionsOperations = {
  'admin.sessions.revoke': defineOperation({
    ...write,
    id: 'admin.sessions.revoke',
    summary: 'End sessions and tokens',
    description:
      'Ends one session, or everything that began before now of a visitor, a user, a client key, a customer, a card, a secret key or the whole account, with its child accounts if you say so. A secret key is not disabled by this: everything it minted ends, but it can mint again until you disable it. An id that can name nothing is refused: 422 if it is of another kind, 404 for a client key, customer, card or secret key that is not of the account, or a session that is over. Users and visitors are not stored, so any user_id or visitor_id is accepted.',
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
    description: 'Public facts of every signing key, the one to be used last first.',
    paths: ['/v1/admin/signing_keys'],
    input: z.strictObject({}),
    output: z.object({ data: z.array(AdminSigningKey) }),
    example: listExample(signingKey),
  }),
  'admin.signingKeys.rotate': defineOperation({
    ...plainWrite,
    id: 'admin.signingKeys.rotate',
    ...hostOnly,
    summary: 'Announce the next signing key',
    description: 'It is published now and signs in 15 minutes, when every verifier has had time to see it.',
    paths: ['/v1/admin/signing_keys/rotate'],
    input: z.strictObject({}),
    output: AdminSigningKey,
    example: { input: {}, output: { ...signingKey, state: 'announced' } },
  }),
  'admin.signingKeys.revoke': defineOperation({
    ...plainWrite,
    id: 'admin.signingKeys.revoke',
    ...hostOnly,
    summary: 'Take a signing key away at once',
    description: 'For a key that leaked: every token it signed stops being valid. A new key signs from then on.',
    paths: ['/v1/admin/signing_keys/{kid}/revoke'],
    pathFields: ['kid'],
    input: z.strictObject({ kid: identifier }),
    output: z.object({ data: z.array(AdminSigningKey) }),
    example: { input: { kid: signingKey.kid }, output: { data: [signingKey] } },
  }),
} as const
