import { findClaimsIssue, type Issue, type kindsMint, type OutputOf, type ParsedInputOf } from '@hallpass/contracts'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import type { Account } from '../../store/queries/accounts.js'
import type { ApiKey } from '../../store/queries/api-keys.js'
import type { Kind } from '../../store/queries/kinds.js'
import type { Store } from '../../store/store.js'
import { findActionIssue } from './find-action-issue.js'
import { type IssueDeps, issueKindToken } from './issue-kind-token.js'

type Input = ParsedInputOf<typeof kindsMint>

interface Deps extends IssueDeps {
  readonly account: Account
  readonly apiKey: Pick<ApiKey, 'id'>
  readonly store: IssueDeps['store'] & Pick<Store, 'findKind'>
}

/** Mints a token of a declared kind for a backend. */
export const mintKindToken = { check, run }

async function check(deps: Deps, input: Input): Promise<void> {
  await requireKind(deps, input)
}

async function run(deps: Deps, input: Input): Promise<OutputOf<typeof kindsMint>> {
  const kind = await requireKind(deps, input)
  return issueKindToken(deps, kind, { ...input, by: { api_key_id: deps.apiKey.id } })
}

/** The kind, if it permits this token. */
async function requireKind({ account, store }: Deps, input: Input): Promise<Kind> {
  const kind = await store.findKind(account.id, input.kind)
  if (!kind) throw new HallpassError('not_found', messages.notInAccount('kind'))
  if (!kind.declaration.minted_by.includes('secret_key'))
    throw new HallpassError('state_conflict', messages.kindOfPages)
  if (kind.disabled) throw new HallpassError('state_conflict', messages.kindEnded)
  const issue = issueOf(kind, input)
  if (issue === undefined) return kind
  const { reference = '', detail } = issue
  throw new HallpassError('validation_failed', messages.invalidField(reference, detail), { items: [issue] })
}

/** The first part of the input that the declaration doesn't permit. */
function issueOf({ declaration }: Kind, { resource, actions, claims, ttl_seconds = 0 }: Input): Issue | undefined {
  if (resource === undefined && declaration.resource === 'required')
    return { reference: 'resource', detail: 'is required by the kind' }
  if (resource !== undefined && declaration.resource === 'none')
    return { reference: 'resource', detail: 'is not permitted by the kind' }
  const wrongAction = findActionIssue(declaration, actions)
  if (wrongAction) return wrongAction
  if (ttl_seconds > declaration.ttl_seconds.max)
    return { reference: 'ttl_seconds', detail: `must be at most ${declaration.ttl_seconds.max} for the kind` }
  if (declaration.claims === null)
    return claims === undefined ? undefined : { reference: 'claims', detail: 'are not permitted by the kind' }
  const found = findClaimsIssue(declaration.claims, claims ?? {})
  return found && { reference: ['claims', ...found.path].join('.'), detail: found.detail }
}
