import {
  audienceOf,
  type KindDeclaration,
  maxKinds,
  type Operations,
  type OutputOf,
  type ParsedInputOf,
  toDeclaration,
  typOf,
} from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { endKind } from '../../revocation/end-kind.js'
import type { Account } from '../../store/queries/accounts.js'
import type { Kind } from '../../store/queries/kinds.js'
import type { Store } from '../../store/store.js'
import { readPage } from './pagination.js'

type Put = Operations['admin.kinds.put']
type Get = Operations['admin.kinds.get']
type List = Operations['admin.kinds.list']
type Disable = Operations['admin.kinds.disable']

interface PutDeps {
  readonly account: Account
  readonly store: Pick<Store, 'claimTokenAudience' | 'lockKind' | 'putKind' | 'shareTokenAudience'>
}

interface ReadDeps {
  readonly account: Account
  readonly store: Pick<Store, 'findKind' | 'listKinds'>
}

interface DisableDeps {
  readonly account: Account
  readonly clock: Clock
  readonly store: Pick<Store, 'addCutoff' | 'disableKind' | 'lockKind'>
}

/** Declares a kind or replaces its declaration. It runs alone in its account, so the number of kinds is exact. */
export const putKind = {
  isAlone: true,
  async run({ account, store }: PutDeps, input: ParsedInputOf<Put>): Promise<OutputOf<Put>> {
    const { revision, disabled: _, ...fields } = input
    const declaration = toDeclaration(fields)
    const kind = await store.putKind(account.id, declaration, { revision })
    if (!kind) throw refusalOf(await store.lockKind(account.id, declaration.name), { declaration, revision })
    await requireKindAudience(store, account.id, declaration)
    return showKind(kind)
  },
}

export const getKind = {
  async run({ account, store }: ReadDeps, { name }: ParsedInputOf<Get>): Promise<OutputOf<Get>> {
    const kind = await store.findKind(account.id, name)
    if (!kind) throw new HallpassError('not_found', messages.notInAccount('kind'))
    return showKind(kind)
  },
}

export const listKinds = {
  async run({ account, store }: ReadDeps, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    return readPage(input, (page) => store.listKinds(account.id, page), showKind)
  },
}

/** Disabling it again changes nothing. */
export const disableKind = {
  async run({ account, clock, store }: DisableDeps, { name }: ParsedInputOf<Disable>): Promise<OutputOf<Disable>> {
    const now = clock.now()
    const disabled = await store.disableKind(account.id, name, now)
    if (disabled) await endKind({ clock, store }, account.id, name, now)
    const kind = disabled ?? (await store.lockKind(account.id, name))
    if (!kind) throw new HallpassError('not_found', messages.notInAccount('kind'))
    return showKind(kind)
  },
}

/**
 * An audience of its own is of one kind of one account. A name is anyone's, so no account may make it its own audience: a
 * gateway that checks the issuer and the audience takes no token of another purpose.
 */
async function requireKindAudience(
  store: Pick<Store, 'claimTokenAudience' | 'shareTokenAudience'>,
  accountId: string,
  declaration: KindDeclaration,
): Promise<void> {
  const { name, audience } = declaration
  const isOwn =
    audience === undefined
      ? await store.shareTokenAudience(name)
      : await store.claimTokenAudience(accountId, audience, name)
  if (isOwn) return
  const message = audience === undefined ? messages.kindNameIsAudience : messages.kindAudienceTaken
  throw new HallpassError('state_conflict', message)
}

/** Why a declaration was not written. */
function refusalOf(
  kind: Kind | undefined,
  wanted: { readonly declaration: KindDeclaration; readonly revision: number | undefined },
): HallpassError {
  const { declaration, revision } = wanted
  if (!kind && revision !== undefined) return new HallpassError('not_found', messages.notInAccount('kind'))
  if (!kind) return new HallpassError('state_conflict', messages.tooManyKinds(maxKinds))
  if (kind.disabled) return new HallpassError('state_conflict', messages.kindDisabled)
  const field = changedFieldOf(kind, declaration)
  return new HallpassError(
    'state_conflict',
    field === undefined ? messages.kindRevision(kind.revision) : messages.kindField(field),
  )
}

/** The field that differs and never changes. */
function changedFieldOf(kind: Kind, declaration: KindDeclaration): string | undefined {
  if (kind.declaration.form !== declaration.form) return 'form'
  if (kind.audience !== audienceOf(declaration)) return 'audience'
  return kind.typ === typOf(declaration) ? undefined : 'typ'
}

function showKind({ declaration, audience, typ, revision, disabled }: Kind): OutputOf<Get> {
  return { ...declaration, audience, ...(declaration.form === 'jwt' ? { typ } : {}), revision, disabled }
}
