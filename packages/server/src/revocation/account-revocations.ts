import { hash } from 'node:crypto'
import {
  type CutoffThing,
  RevocationFeed,
  type RevokedThing,
  revocationNameLength,
  revocationText,
  timeOfId,
} from '@hallpass/contracts'
import { feedLifetimes, lifetimeOfScope } from '../store/feed-lifetimes.js'
import type { RevocationRow, RevocationSource } from '../store/queries/revocations.js'
import { lifetimeOfSource } from './feed-window.js'

/** Something that was revoked. Times in milliseconds. */
interface Revoked {
  /** From then on, no token that it ends could be valid. */
  readonly goneAt: number
  /** An account cutoff up to this time ends it too. */
  readonly beganAt: number
  /** The last reading that found it. */
  readonly seenIn: number
}

/** Everything of one account that its feed names. */
export interface AccountRevocations {
  readonly accountId: string
  readonly revoked: Readonly<Record<RevokedThing, Map<string, Revoked>>>
  readonly cutoffs: Readonly<Record<CutoffThing, Map<string, number>>>
  /** The latest cutoff of the whole account. What began up to then needs no name. 0 if there is none. */
  endedUpTo: number
  /** The cutoff that replaced names in {@link collapse}, until it is written to the database. */
  unwrittenCutoff: number | undefined
  /** Increases with every change. */
  revision: number
}

/** The sizes of a name, and of a cutoff with its time, in the JSON of a feed, in bytes. */
const nameBytes = revocationNameLength
export const cutoffBytes = revocationNameLength + 18

/** The scopes in a feed. The keys of the schema are those of its type. */
export const cutoffScopes = Object.keys(RevocationFeed.shape.cut_offs.shape) as CutoffThing[]
export const revokedThings = Object.keys(RevocationFeed.shape.revoked.shape) as RevokedThing[]
const isPublished = (scope: string): scope is CutoffThing => cutoffScopes.some((published) => published === scope)

export function createAccountRevocations(accountId: string): AccountRevocations {
  const cutoffs = Object.fromEntries(cutoffScopes.map((scope) => [scope, new Map<string, number>()]))
  return {
    accountId,
    revoked: { token: new Map(), session: new Map(), client_key: new Map() },
    // one for each scope of the schema
    cutoffs: cutoffs as AccountRevocations['cutoffs'],
    endedUpTo: 0,
    unwrittenCutoff: undefined,
    revision: 0,
  }
}

/** The size of an account in a feed, in bytes. */
export const sizeOf = ({ revoked, cutoffs }: AccountRevocations): number =>
  sum(Object.values(revoked)) * nameBytes + sum(Object.values(cutoffs)) * cutoffBytes

const sum = (maps: readonly ReadonlyMap<string, unknown>[]) => maps.reduce((total, { size }) => total + size, 0)

/** Adds the contents of a row, unless they are known or a cutoff of the account covers them. */
export function addRevocation(
  account: AccountRevocations,
  source: RevocationSource,
  { at, key }: RevocationRow,
  reading: number,
): void {
  const [first = '', second = ''] = key
  // any cutoff covers an id without a time
  const revoked = { goneAt: at + lifetimeOfSource[source], beganAt: timeOfId(first) || 0, seenIn: reading }
  if (source === 'cut_offs') addCutoff(account, first, second, at)
  else if (source === 'client_keys') addRevoked(account, 'client_key', [first], { ...revoked, beganAt: at })
  else if (source === 'sessions') addRevoked(account, 'session', [first], revoked)
  else addRevoked(account, 'token', [source === 'tokens' ? 'bridge' : 'declared', first], revoked)
}

function addCutoff(account: AccountRevocations, scope: string, subject: string, notBefore: number): void {
  // offline verifiers look for no other scope
  if (!isPublished(scope) || notBefore <= account.endedUpTo) return
  if (scope === 'account') {
    endUpTo(account, notBefore)
    return
  }
  const name = nameOf(revocationText(scope, account.accountId, subject))
  if (account.cutoffs[scope].get(name) === notBefore) return
  account.cutoffs[scope].set(name, notBefore)
  account.revision++
}

function addRevoked(account: AccountRevocations, what: RevokedThing, id: readonly string[], revoked: Revoked): void {
  if (revoked.beganAt <= account.endedUpTo) return
  const names = account.revoked[what]
  const name = nameOf(revocationText(what, account.accountId, ...id))
  if (!names.has(name)) account.revision++
  // a client key may have been disabled again since, and is named for longer then
  names.set(name, revoked)
}

/** Drops client keys that the last complete reading didn't find: they were enabled again. */
export function removeUnseenClientKeys(account: AccountRevocations, reading: number): void {
  for (const [name, { seenIn }] of account.revoked.client_key) {
    if (seenIn === reading) continue
    account.revoked.client_key.delete(name)
    account.revision++
  }
}

/** Ends everything of the account that began up to a time, and drops the names that this covers. */
function endUpTo(account: AccountRevocations, time: number): void {
  if (time <= account.endedUpTo) return
  account.endedUpTo = time
  account.cutoffs.account.set(nameOf(revocationText('account', account.accountId, account.accountId)), time)
  account.revision++
  for (const names of Object.values(account.revoked))
    for (const [name, { beganAt }] of names) if (beganAt <= time) names.delete(name)
  for (const [scope, names] of Object.entries(account.cutoffs))
    if (scope !== 'account') for (const [name, notBefore] of names) if (notBefore <= time) names.delete(name)
}

/** Replaces all names with one cutoff of the account, which ends a little more than they do. */
export function collapse(account: AccountRevocations): void {
  let latest = account.endedUpTo
  for (const names of Object.values(account.revoked))
    for (const { beganAt } of names.values()) latest = Math.max(latest, beganAt)
  for (const names of Object.values(account.cutoffs))
    for (const notBefore of names.values()) latest = Math.max(latest, notBefore)
  account.unwrittenCutoff = latest
  endUpTo(account, latest)
}

/** Drops what can't affect an active token any more. */
export function prune(account: AccountRevocations, now: number): void {
  const remove = <T>(names: Map<string, T>, before: number, timeOf: (value: T) => number) => {
    for (const [name, value] of names) {
      if (timeOf(value) > before) continue
      names.delete(name)
      account.revision++
    }
  }
  for (const names of Object.values(account.revoked)) remove(names, now, ({ goneAt }) => goneAt)
  for (const scope of cutoffScopes)
    remove(account.cutoffs[scope], now - feedLifetimes[lifetimeOfScope(scope)], (notBefore) => notBefore)
  if (account.endedUpTo <= now - feedLifetimes.declared) account.endedUpTo = 0
}

const nameOf = (text: string) => hash('sha256', text, 'base64url').slice(0, revocationNameLength)
