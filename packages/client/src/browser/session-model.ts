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
  /** Whether a call without a response may have used up the current tokens. */
  readonly isUncertain: boolean
  /** Whether the tokens are from the storage, or from before the page was frozen. Another page may have newer ones. */
  readonly mayBeOld: boolean
}

/** What can happen to a session. */
export type SessionEvent =
  /** An attempt to get a session starts, and ends. */
  | { readonly type: 'attempted' | 'settled' }
  /** The service responded with a session. */
  | { readonly type: 'answered'; readonly cached: CachedSession }
  /** Another tab, or the storage if `mayBeOld`, has a session. `from` is the session that it replaces. */
  | {
      readonly type: 'found'
      readonly cached: CachedSession
      readonly from?: string | undefined
      readonly mayBeOld?: boolean
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
  /** The session ended. With `cancels`, so do attempts that are under way. */
  | {
      readonly type: 'ended'
      readonly how: EndReason
      readonly isRemote: boolean
      readonly cancels: boolean
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
  isUncertain: false,
  mayBeOld: false,
})

/** Another page ended the session, or saw its end first. */
export const endedElsewhere = (how: EndReason): SessionEvent => ({ type: 'ended', how, isRemote: true, cancels: true })

/** The session, if it belongs to the wanted identity. */
export function currentOf({ cached, identity }: SessionModel): CachedSession | undefined {
  return cached && speaksFor(identity, cached.answer) ? cached : undefined
}
