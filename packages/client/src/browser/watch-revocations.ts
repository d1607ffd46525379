import { isObject } from './held-session.js'
import { obtain } from './obtain-session.js'
import { currentOf, type Page } from './page.js'
import { tokenPayload } from './token-payload.js'

/**
 * Looks into the service's revocation feed every so often, in one of the tabs. The feed is not believed: a session that
 * it names is renewed at once, and the service's answer to that decides.
 */
export function watchRevocations(page: Page, seconds: number): () => void {
  let stop = () => {}
  const lookLater = () => {
    stop = page.platform.after(seconds * 1000, () => {
      lookLater()
      void look(page, seconds * 1000)
    })
  }
  lookLater()
  return () => stop()
}

async function look(page: Page, milliseconds: number): Promise<void> {
  const { platform, options } = page
  const held = currentOf(page)
  // another tab has just looked for all of them
  if (!held || platform.monotonic() - page.lookedAt < milliseconds / 2) return
  page.lookedAt = platform.monotonic()
  page.tabs.tell({ type: 'looked' })
  try {
    const response = await platform.fetch(`${options.baseUrl.replace(/\/$/, '')}/.well-known/revocations`)
    const feed = response.ok ? tokenPayload(await response.text()) : undefined
    if (!feed || !(await isNamed(feed, held.answer.token))) return
    await obtain(page, ({ answer }) => answer.token !== held.answer.token)
  } catch {
    // a feed that cannot be read is read the next time; what came of the renewal is in the state
  }
}

/** Whether the feed names the session of a token, or something that it belongs to and began too early for. */
async function isNamed(feed: Record<string, unknown>, token: string): Promise<boolean> {
  const { account_id, client_key_id, sid, sub, user } = tokenPayload(token) ?? {}
  const beganAt = startOf(String(sid))
  const { revoked, cut_offs, cut_off } = feed
  const isListed = async (what: string, id: unknown) =>
    isObject(revoked) && names(revoked[what]).includes(await nameOf([what, account_id, id]))
  const isCutOff = async (what: string, id: unknown) => {
    const times = isObject(cut_offs) ? cut_offs[what] : undefined
    const notBefore = isObject(times) ? times[await nameOf([what, account_id, id])] : undefined
    return typeof notBefore === 'number' && beganAt <= notBefore
  }
  const found = await Promise.all([
    isListed('session', sid),
    isListed('client_key', client_key_id),
    isCutOff('account', account_id),
    isCutOff('client_key', client_key_id),
    isCutOff('visitor', sub),
    isObject(user) && isCutOff('user', user.id),
  ])
  return found.includes(true) || (typeof cut_off === 'number' && beganAt <= cut_off)
}

/** The feed's names stand one after the other, each of 16 letters. */
const names = (text: unknown): string[] => (typeof text === 'string' ? (text.match(/.{16}/g) ?? []) : [])

async function nameOf(parts: readonly unknown[]): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(parts)))
  const letters = btoa(String.fromCharCode(...new Uint8Array(bytes).slice(0, 12)))
  return letters.replaceAll('+', '-').replaceAll('/', '_')
}

/** The moment in a UUID of version 7, in milliseconds since the epoch (RFC 9562 section 5.7). */
const startOf = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
