import type { kindsMint, OutputOf } from '@hallpass/contracts'
import { type Clock, toSeconds } from '../../clock.js'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { hashKindToken, newKindToken } from '../../crypto/kind-token.js'
import { newId } from '../../ids.js'
import { isoTime } from '../../iso-time.js'
import { signDeclaredToken } from '../../signing/declared-tokens.js'
import type { KeyRing } from '../../signing/key-ring.js'
import type { Kind } from '../../store/queries/kinds.js'
import type { Store } from '../../store/store.js'
import { tokenFact } from '../../webhooks/facts.js'
import { decideAndTell, type TellDeps } from '../../webhooks/tell.js'

type Inserting = Pick<Store, 'insertKindToken'>

export interface IssueDeps {
  readonly clock: Clock
  readonly issuer: () => string
  readonly keyRing: Pick<KeyRing, 'signingKey'>
  readonly keys: DerivedKeys
  readonly lifetime: (standardSeconds: number) => number
  readonly store: Inserting & TellDeps<Inserting>['store']
}

/** What a mint says about the token, besides its kind. */
interface NewToken {
  readonly subject: string
  readonly resource?: string | undefined
  readonly actions?: readonly string[] | undefined
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  readonly ttl_seconds?: number | undefined
  /** The secret key that mints it, or the client key of the page that does. */
  readonly by: { readonly api_key_id: string } | { readonly client_key_id: string }
  /** The thumbprint of the key that a JWT is bound to. */
  readonly jkt?: string | undefined
}

/** Issues a token that its kind permits. A JWT that counts no uses writes nothing. */
export async function issueKindToken(
  deps: IssueDeps,
  { accountId, declaration, revision, audience, typ }: Kind,
  { subject, resource, claims, by, jkt, ...wanted }: NewToken,
): Promise<OutputOf<typeof kindsMint>> {
  const { clock } = deps
  const { name, form, uses, start_within_seconds: start } = declaration
  const ttlSeconds = deps.lifetime(wanted.ttl_seconds ?? declaration.ttl_seconds.default)
  const now = clock.now()
  const iat = toSeconds(now)
  // a JWT has whole seconds, and its row expires with it
  const expiresAt = (form === 'jwt' ? iat * 1000 : now) + ttlSeconds * 1000
  const jti = newId(clock)
  const actions = [...(wanted.actions ?? declaration.actions)]
  const token =
    form === 'opaque'
      ? newKindToken(clock)
      : signDeclaredToken(deps, typ, {
          ...{ aud: audience, sub: subject, account_id: accountId, ...by },
          ...{ kind: name, kind_revision: revision, actions },
          ...(resource === undefined ? {} : { resource }),
          ...(claims === undefined ? {} : { claims }),
          ...(uses === null ? {} : { uses }),
          ...(jkt === undefined ? {} : { cnf: { jkt } }),
          ...(typ === 'at+jwt' ? { client_id: 'api_key_id' in by ? by.api_key_id : by.client_key_id } : {}),
          ...{ iat, exp: iat + ttlSeconds, jti },
        })
  if (form === 'opaque' || uses !== null) {
    const row = {
      account_id: accountId,
      token_key: form === 'opaque' ? hashKindToken(deps.keys, token) : jti,
      ...{ jti, kind: name, revision, subject, resource: resource ?? null },
      actions: JSON.stringify(actions),
      claims: claims === undefined ? null : JSON.stringify(claims),
      api_key_id: null,
      client_key_id: null,
      ...by,
      uses_left: uses,
      start_by: start === null ? null : now + start * 1000,
      first_used_at: null,
      issued_at: now,
      expires_at: expiresAt,
      revoked_at: null,
    }
    const reported = {
      accountId,
      types: ['token.minted'] as const,
      factsOf: () => [tokenFact('token.minted', { kind: name, token_id: jti })],
    }
    await decideAndTell(deps, reported, (store: Inserting) => store.insertKindToken(row))
  }
  return { token, token_id: jti, kind: name, expires_in: ttlSeconds, expires_at: isoTime(expiresAt), uses }
}
