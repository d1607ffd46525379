import { findClaimsIssue, type Issue, type kindsMint, type OutputOf, type ParsedInputOf } from '@hallpass/contracts'
import { type Clock, toSeconds } from '../../clock.js'
import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { hashKindToken, newKindToken } from '../../crypto/kind-token.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { newId } from '../../ids.js'
import { isoTime } from '../../iso-time.js'
import { signDeclaredToken } from '../../signing/declared-tokens.js'
import type { KeyRing } from '../../signing/key-ring.js'
import type { Account } from '../../store/queries/accounts.js'
import type { ApiKey } from '../../store/queries/api-keys.js'
import type { Kind } from '../../store/queries/kinds.js'
import type { Store } from '../../store/store.js'
import { tokenFact } from '../../webhooks/facts.js'
import { decideAndTell, type TellDeps } from '../../webhooks/tell.js'

type Input = ParsedInputOf<typeof kindsMint>

type Minting = Pick<Store, 'findKind' | 'insertKindToken'>

interface Deps {
  readonly account: Account
  readonly apiKey: Pick<ApiKey, 'id'>
  readonly clock: Clock
  readonly issuer: () => string
  readonly keyRing: Pick<KeyRing, 'signingKey'>
  readonly keys: DerivedKeys
  readonly lifetime: (standardSeconds: number) => number
  readonly store: Minting & TellDeps<Minting>['store']
}

/** Mints a token of a declared kind. A JWT that counts no uses writes nothing. */
export const mintKindToken = { check, run }

async function check(deps: Deps, input: Input): Promise<void> {
  await requireKind(deps, input)
}

async function run(deps: Deps, input: Input): Promise<OutputOf<typeof kindsMint>> {
  const { account, apiKey, clock } = deps
  const { declaration, revision, audience, typ } = await requireKind(deps, input)
  const { name, form, uses, start_within_seconds: start } = declaration
  const ttlSeconds = deps.lifetime(input.ttl_seconds ?? declaration.ttl_seconds.default)
  const now = clock.now()
  const iat = toSeconds(now)
  // a JWT has whole seconds, and its row expires with it
  const expiresAt = (form === 'jwt' ? iat * 1000 : now) + ttlSeconds * 1000
  const jti = newId(clock)
  const actions = [...(input.actions ?? declaration.actions)]
  const { subject, resource, claims } = input
  const token =
    form === 'opaque'
      ? newKindToken(clock)
      : signDeclaredToken(deps, typ, {
          ...{ aud: audience, sub: subject, account_id: account.id, api_key_id: apiKey.id },
          ...{ kind: name, kind_revision: revision, actions },
          ...(resource === undefined ? {} : { resource }),
          ...(claims === undefined ? {} : { claims }),
          ...(uses === null ? {} : { uses }),
          ...(typ === 'at+jwt' ? { client_id: apiKey.id } : {}),
          ...{ iat, exp: iat + ttlSeconds, jti },
        })
  if (form === 'opaque' || uses !== null) {
    const row = {
      account_id: account.id,
      token_key: form === 'opaque' ? hashKindToken(deps.keys, token) : jti,
      ...{ jti, kind: name, revision, subject, resource: resource ?? null },
      actions: JSON.stringify(actions),
      claims: claims === undefined ? null : JSON.stringify(claims),
      api_key_id: apiKey.id,
      uses_left: uses,
      start_by: start === null ? null : now + start * 1000,
      first_used_at: null,
      issued_at: now,
      expires_at: expiresAt,
      revoked_at: null,
    }
    const reported = {
      accountId: account.id,
      types: ['token.minted'] as const,
      factsOf: () => [tokenFact('token.minted', { kind: name, token_id: jti })],
    }
    await decideAndTell(deps, reported, (store: Minting) => store.insertKindToken(row))
  }
  return { token, token_id: jti, kind: name, expires_in: ttlSeconds, expires_at: isoTime(expiresAt), uses }
}

/** The kind, if it permits this token. */
async function requireKind({ account, store }: Deps, input: Input): Promise<Kind> {
  const kind = await store.findKind(account.id, input.kind)
  if (!kind) throw new HallpassError('not_found', messages.notInAccount('kind'))
  if (kind.disabled) throw new HallpassError('state_conflict', messages.kindEnded)
  const issue = issueOf(kind, input)
  if (issue === undefined) return kind
  const { reference = '', detail } = issue
  throw new HallpassError('validation_failed', messages.invalidField(reference, detail), { items: [issue] })
}

/** The first part of the input that the declaration doesn't permit. */
function issueOf({ declaration }: Kind, { resource, actions = [], claims, ttl_seconds = 0 }: Input): Issue | undefined {
  if (resource === undefined && declaration.resource === 'required')
    return { reference: 'resource', detail: 'is required by the kind' }
  if (resource !== undefined && declaration.resource === 'none')
    return { reference: 'resource', detail: 'is not permitted by the kind' }
  const other = actions.findIndex((action) => !declaration.actions.includes(action))
  if (other >= 0) return { reference: `actions.${other}`, detail: 'is not an action of the kind' }
  if (new Set(actions).size < actions.length) return { reference: 'actions', detail: 'must not repeat an action' }
  if (ttl_seconds > declaration.ttl_seconds.max)
    return { reference: 'ttl_seconds', detail: `must be at most ${declaration.ttl_seconds.max} for the kind` }
  if (declaration.claims === null)
    return claims === undefined ? undefined : { reference: 'claims', detail: 'are not permitted by the kind' }
  const found = findClaimsIssue(declaration.claims, claims ?? {})
  return found && { reference: ['claims', ...found.path].join('.'), detail: found.detail }
}
