import type { CachedSession } from './cached-session.js'
import type { EndReason } from './end-reason.js'
import type { WidgetSessionError } from './errors.js'
import { type Identity, speaksFor } from './identity.js'
import type { WidgetSessionEvent, WidgetSessionState } from './session-types.js'

/** Everything that a page knows about its session. Only `reduce` makes a new one. */
export interface SessionModel {
  /** What the page shows. */
  readonly state: WidgetSessionState
  /** A session of the wanted identity, or of a guest who will become it. */
  readonly cached?: CachedSession | undefined
  readonly identity: Identity
  /** The identity in the page's options, for the session after this one. */
  readonly wanted: Identity
  /** Counts the times that attempts were cancelled, because the session was ended here or in another tab. */
  readonly cancellations: number
  readonly lastEnd?: EndReason
  /** The last session that ended here. Messages of tabs that don't know it yet may still bring it. */
  readonly endedId?: string
  /** The number of consecutive temporary failures. */
  readonly failures: number
  /** The time on the monotonic clock before which nothing is retried. */
  readonly notBefore: number
  /** Why the page can't rely on its session. Undefined if it can, or has none. */
  readonly doubt: Doubt | undefined
}

/**
 * `used`: a call without a response may have used up the tokens.
 * `old`: the tokens are from the storage, or from before the page was frozen, so another page may have newer ones.
 * `unconfirmed`: the page can't read the notes either, so another page may have forgotten the session. It isn't shown until
 * another page or the service confirms it.
 */
export type Doubt = 'used' | 'old' | 'unconfirmed'

/** What can happen to a session. */
export type SessionEvent =
  /** An attempt to get a session starts, and ends. */
  | { readonly type: 'attempted' | 'settled' }
  /** The service responded with a session. */
  | { readonly type: 'answered'; readonly cached: CachedSession }
  /** Another tab or the storage has a session. `from` is the session that it replaces. */
  | {
      readonly type: 'found'
      readonly cached: CachedSession
      readonly from?: string | undefined
      readonly doubt?: Doubt | undefined
    }
  /** The page's backend says that no one is logged in. */
  | { readonly type: 'anonymous' }
  /** A temporary failure, in another tab if `isRemote`. `random` is from 0 up to, but not including, 1. */
  | {
      readonly type: 'failed'
      readonly error: WidgetSessionError
      readonly at: number
      readonly random: number
      readonly isRemote: boolean
    }
  /** A call failed in a way that may have used up the tokens. */
  | { readonly type: 'unanswered'; readonly error: unknown }
  /** The service or the page's backend refused. With `keepsSession`, that doesn't concern the session itself. */
  | { readonly type: 'refused'; readonly error: WidgetSessionError; readonly keepsSession: boolean }
  /** The session ended, or may have ended if there is a `doubt`. With `cancels`, so do attempts that are under way. */
  | {
      readonly type: 'ended'
      readonly how: EndReason
      readonly isRemote: boolean
      readonly cancels: boolean
      readonly doubt?: Doubt | undefined
    }
  /** The page asks for a session even if the last one was revoked. */
  | { readonly type: 'restarted' }
  /** The page may have been asleep or offline. With `returned`, it was frozen, and missed what other pages did. */
  | { readonly type: 'woke'; readonly returned: boolean }

/** What a page does because of an event, besides storing the session and renewing it in time, which follow from the model. */
export type Effect =
  | { readonly type: 'emit'; readonly event: WidgetSessionEvent }
  | { readonly type: 'tell session'; readonly cached: CachedSession; readonly from: string | undefined }
  | { readonly type: 'tell failure'; readonly error: WidgetSessionError }
  | { readonly type: 'tell end'; readonly cached: CachedSession; readonly how: EndReason }

export const initialModel = (wanted: Identity): SessionModel => ({
  state: { status: 'idle' },
  identity: wanted,
  wanted,
  cancellations: 0,
  failures: 0,
  notBefore: 0,
  doubt: undefined,
})

/** Another page ended the session, or saw its end first. */
export const endedElsewhere = (how: EndReason, doubt?: Doubt): SessionEvent => ({
  type: 'ended',
  how,
  isRemote: true,
  cancels: true,
  doubt,
})

/** The session, if it belongs to the wanted identity and doesn't have to be confirmed. */
export const currentOf = ({ cached, doubt, identity }: SessionModel): CachedSession | undefined =>
  cached && doubt !== 'unconfirmed' && speaksFor(identity, cached.answer) ? cached : undefined
