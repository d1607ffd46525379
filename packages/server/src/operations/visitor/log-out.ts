import type { OutputOf, visitorLogout } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import type { RefreshState } from '../../sessions/refresh-token.js'
import { revokeSession } from '../../sessions/session.js'
import type { Store } from '../../store/store.js'

interface Deps {
  readonly clock: Pick<Clock, 'now'>
  readonly refresh: RefreshState
  readonly store: Pick<Store, 'revokeSession'>
}

/** Ends the session of a refresh token, also of an old one. Needs no proof of a key: ending it gives nothing to a thief. */
export const logOut = { run }

async function run(deps: Deps): Promise<OutputOf<typeof visitorLogout>> {
  const { account_id: accountId, sid, issued_at } = deps.refresh
  await revokeSession(deps, { accountId, sid }, issued_at)
  return { session_id: sid }
}
