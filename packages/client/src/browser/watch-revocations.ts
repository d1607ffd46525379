import { isPlainObject, timeOfId } from '@hallpass/contracts/core'
import { obtain } from './obtain-session.js'
import { currentOf, type Page } from './page.js'
import type { Platform } from './platform.js'
import { tokenPayload } from './token-payload.js'

/**
 * Looks into the service's revocation feed every so often, in one of the tabs: each waits anew when one has looked. The
 * feed is not believed: a session that it names is renewed at once, and the service's answer to that decides.
 */
export function watchRevocations(page: Page, seconds: number): () => void {
  const { platform } = page
  let stop = () => {}
  page.lookLater = () => {
    stop()
    // some sooner than others, so that the first can tell the rest
    stop = platform.after(seconds * 1000 * (0.75 + platform.random() / 4), () => {
      page.lookLater()
      if (!currentOf(page)) return
      page.tabs.tell({ type: 'looked' })
      void look(page)
    })
  }
  page.lookLater()
  return () => {
    stop()
    page.lookLater = () => {}
  }
}

async function look(page: Page): Promise<void> {
  const { platform, options } = page
  const patience = new AbortController()
  const giveUp = platform.after(patienceMilliseconds, () => patience.abort())
  try {
    const all = `${options.baseUrl.replace(/\/$/, '')}/.well-known/revocations`
    const { account_id } = tokenPayload(currentOf(page)?.answer.token ?? '') ?? {}
    const own = await platform.fetch(`${all}/${String(account_id)}`, { signal: patience.signal })
    // an older service has one feed for all accounts
    const response = own.status === 404 ? await platform.fetch(all, { signal: patience.signal }) : own
    const feed = response.ok ? tokenPayload(await response.text()) : undefined
    const held = currentOf(page)
    if (!feed || !held || !(await isNamed(platform, feed, held.answer.token))) return
    await obtain(page, ({ answer }) => answer.token !== held.answer.token)
  } catch {
    // a feed that cannot be read is read the next time; what came of the renewal is in the state
  } finally {
    giveUp()
  }
}

const patienceMilliseconds = 5_000

/** Whether the feed names the session of a token, or something that it belongs to and began too early for. */
async function isNamed(platform: Platform, feed: Record<string, unknown>, token: string): Promise<boolean> {
  const { account_id, client_key_id, sid, sub, user, api_key_id = '' } = tokenPayload(token) ?? {}
  const beganAt = timeOfId(String(sid))
  const { revoked, cut_offs, cut_off } = feed
  const isListed = async (what: string, id: unknown) =>
    isPlainObject(revoked) && names(revoked[what]).includes(await nameOf(platform, [what, account_id, id]))
  const isCutOff = async (what: string, id: unknown) => {
    const times = isPlainObject(cut_offs) ? cut_offs[what] : undefined
    return isPlainObject(times) && beganAt <= Number(times[await nameOf(platform, [what, account_id, id])])
  }
  const found = await Promise.all([
    isListed('session', sid),
    isListed('client_key', client_key_id),
    isCutOff('account', account_id),
    isCutOff('client_key', client_key_id),
    isCutOff('visitor', sub),
    isPlainObject(user) && isCutOff('user', user.id),
    // a user's session without a key may be any key's; a guest's is no key's
    isPlainObject(user) && isCutOff('api_key', api_key_id),
  ])
  return found.includes(true) || (typeof cut_off === 'number' && beganAt <= cut_off)
}

/** The feed's names stand one after the other, each of 16 letters. */
const names = (text: unknown): string[] => (typeof text === 'string' ? (text.match(/.{16}/g) ?? []) : [])

/** A name in the feed: the first 12 bytes of a hash of what it stands for, in base64url. */
async function nameOf({ sha256 }: Platform, parts: readonly unknown[]): Promise<string> {
  const bytes = new Uint8Array(await sha256(JSON.stringify(parts)), 0, 12)
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}
