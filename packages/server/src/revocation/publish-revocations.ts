import { createHash } from 'node:crypto'
import {
  type JwtKind,
  jwtKinds,
  leewaySeconds,
  type RevocationFeed,
  revocationNameLength,
  revocationsCacheSeconds,
  revocationsPath,
  revocationsTyp,
  revocationText,
} from '@hallpass/contracts'
import { type Clock, toSeconds } from '../clock.js'
import type { RecentRevocations, RevocationWindow } from '../store/revocations.js'

interface Needs {
  readonly clock: Clock
  readonly issuer: () => string
  readonly keyRing: { readonly reload: () => Promise<void>; readonly list: () => readonly { readonly kid: string }[] }
  readonly sign: (typ: string, payload: object) => string
  readonly store: { listRevocations(window: RevocationWindow): Promise<RecentRevocations> }
}

/** How long what was read is believed; the database is asked this often at most, however many ask for the feed. */
const believedMilliseconds = 1_000
/** A feed in which nothing changed is signed again after this time, to say that it is still so. */
const renewedMilliseconds = 10_000
const lifeSeconds = 600
/** Beyond a token's life: clocks that differ, and a token that was signed while its session was revoked. */
const marginMilliseconds = (leewaySeconds + 60) * 1000

interface Held {
  readonly jws: string
  readonly content: string
  readonly keys: string
  readonly readAt: number
  readonly signedAt: number
}

/** Gives the feed as a compact JWS, never older than a second while the database answers; the last one when it does not. */
export function createRevocationFeed(needs: Needs): () => Promise<string> {
  let held: Held | undefined
  let running: Promise<Held> | undefined
  const renew = async () => {
    held = await readFeed(needs, held)
    return held
  }
  return async () => {
    if (held && isBelieved(needs, held)) return held.jws
    running ??= renew().finally(() => {
      running = undefined
    })
    try {
      return (await running).jws
    } catch (error) {
      // its own time of signing says how old it is
      if (held) return held.jws
      throw error
    }
  }
}

/** Keys are in memory, where a change is seen at once. */
function isBelieved({ clock, keyRing }: Needs, { readAt, keys }: Held): boolean {
  return isWithin(believedMilliseconds, readAt, clock.now()) && keys === keyIdsOf(keyRing).join()
}

/** A clock that went back says nothing of how long ago something was. */
const isWithin = (milliseconds: number, past: number, now: number) => past <= now && now - past < milliseconds

async function readFeed(needs: Needs, held: Held | undefined): Promise<Held> {
  const now = needs.clock.now()
  // another process may have taken a key away
  await needs.keyRing.reload()
  const revocations = await needs.store.listRevocations(windowAt(now))
  const keys = keyIdsOf(needs.keyRing)
  const said = { keys, ...describe(revocations) }
  const content = JSON.stringify(said)
  if (held && held.content === content && isWithin(renewedMilliseconds, held.signedAt, now))
    return { ...held, readAt: now }
  const iat = toSeconds(now)
  const iss = needs.issuer()
  const feed: RevocationFeed = {
    iss,
    sub: iss + revocationsPath,
    iat,
    exp: iat + lifeSeconds,
    ttl: revocationsCacheSeconds,
    ...said,
  }
  return { jws: needs.sign(revocationsTyp, feed), content, keys: keys.join(), readAt: now, signedAt: now }
}

function windowAt(now: number): RevocationWindow {
  const since = (kind: JwtKind) => now - jwtKinds[kind].ttlSeconds * 1000 - marginMilliseconds
  return { now, sessionsSince: since('widget-session'), tokensSince: since('bridge') }
}

function describe({
  restoredAt,
  tokens,
  sessions,
  clientKeys,
  cutOffs,
}: RecentRevocations): Pick<RevocationFeed, 'revoked' | 'cut_off' | 'cut_offs'> {
  const cut_offs: RevocationFeed['cut_offs'] = { account: {}, client_key: {}, visitor: {}, user: {} }
  for (const { account_id, scope, subject, not_before } of cutOffs) {
    cut_offs[scope][nameOf(revocationText(scope, account_id, subject))] = not_before
  }
  return {
    revoked: {
      token: tokens.map(({ account_id, kind, jti }) => nameOf(revocationText('token', account_id, kind, jti))).join(''),
      session: sessions.map(({ account_id, sid }) => nameOf(revocationText('session', account_id, sid))).join(''),
      client_key: clientKeys.map(({ account_id, id }) => nameOf(revocationText('client_key', account_id, id))).join(''),
    },
    ...(restoredAt === null ? {} : { cut_off: restoredAt }),
    cut_offs,
  }
}

const keyIdsOf = (keyRing: Needs['keyRing']) => keyRing.list().map(({ kid }) => kid)
const nameOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, revocationNameLength)
