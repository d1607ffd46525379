import type { kindsPageToken, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { requireEnabled } from '../../sessions/client-key-rules.js'
import { spendAndTell } from '../../sessions/embed-ticket.js'
import type { Kind } from '../../store/queries/kinds.js'
import type { Store } from '../../store/store.js'
import type { TellDeps } from '../../webhooks/tell.js'
import { findActionIssue } from './find-action-issue.js'
import { findPageVisitor, type VisitorDeps } from './find-page-visitor.js'
import { type IssueDeps, issueKindToken } from './issue-kind-token.js'

type Input = ParsedInputOf<typeof kindsPageToken>

interface Deps extends VisitorDeps, IssueDeps {
  readonly clock: IssueDeps['clock']
  readonly keys: IssueDeps['keys']
  readonly store: VisitorDeps['store'] &
    IssueDeps['store'] &
    Pick<Store, 'consumeOrRevokeToken' | 'findKind'> &
    TellDeps<Pick<Store, 'consumeOrRevokeToken'>>['store']
}

/**
 * Mints a token of a declared kind for the visitor of a page. Nothing in it comes from the page, except which of the
 * kind's actions it permits.
 */
export const mintPageToken = { run }

async function run(deps: Deps, input: Input): Promise<OutputOf<typeof kindsPageToken>> {
  const { clientKey } = deps
  requireEnabled(clientKey)
  const kind = await requireKind(deps, input)
  const { subject, ticket, isBound } = await findPageVisitor(deps, input)
  const canBind = kind.declaration.form === 'jwt'
  if (!canBind && (isBound || clientKey.bind === 'require'))
    throw new HallpassError('state_conflict', messages.kindNotBindable)
  if (ticket) await spendAndTell(deps, ticket)
  const jkt = canBind ? deps.jkt : undefined
  const by = { client_key_id: clientKey.id }
  const minted = await issueKindToken(deps, kind, { subject, actions: input.actions, by, jkt })
  return { ...minted, token_type: jkt === undefined ? 'Bearer' : 'DPoP', subject }
}

/** Unknown kinds and those that a page can't mint get the same response, so a page learns nothing of the others. */
async function requireKind({ clientKey, store }: Deps, { kind: name, actions }: Input): Promise<Kind> {
  const kind = await store.findKind(clientKey.accountId, name)
  if (!kind || kind.disabled || !kind.declaration.minted_by.includes('client_key')) {
    const explain = () => ({
      rule: 'The account must have the kind, and its minted_by must include client_key.',
      seen: !kind
        ? 'a kind that the account did not declare'
        : kind.disabled
          ? 'a kind that is disabled'
          : 'a kind that only backends can mint',
      fix: 'Declare the kind with `hallpass kinds put`, with "client_key" in minted_by.',
    })
    throw new HallpassError('not_found', messages.notInAccount('kind'), { explain })
  }
  const issue = findActionIssue(kind.declaration, actions)
  if (issue === undefined) return kind
  const { reference = '', detail } = issue
  throw new HallpassError('validation_failed', messages.invalidField(reference, detail), { items: [issue] })
}
