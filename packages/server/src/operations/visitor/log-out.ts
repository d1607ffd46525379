import type { OutputOf, visitorLogout } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import type { RefreshState } from '../../sessions/refresh-token.js'
import { revokeSession } from '../../sessions/session.js'
import type { Store } from '../../store/store.js'
import { sessionEnded } from '../../webhooks/facts.js'
import { decideAndTell, type TellDeps } from '../../webhooks/tell.js'

type Ending = Pick<Store, 'revokeSession'>

interface Deps {
  readonly clock: Clock
  readonly refresh: RefreshState
  readonly store: Ending & TellDeps<Ending>['store']
}

/** Ends the session of a refresh token, also of an old one. Needs no proof of a key: ending it gives nothing to a thief. */
export const logOut = { run }

async function run(deps: Deps): Promise<OutputOf<typeof visitorLogout>> {
  const { clock } = deps
  const { account_id: accountId, sid, visitor_id, client_key_id, issued_at } = deps.refresh
  const ids = { session_id: sid, visitor_id, client_key_id }
  const reported = {
    accountId,
    types: ['session.ended'] as const,
    factsOf: (isEnded: boolean) => (isEnded ? [sessionEnded(ids, 'logout')] : []),
  }
  await decideAndTell(deps, reported, (store: Ending) => revokeSession({ clock, store }, { accountId, sid }, issued_at))
  return { session_id: sid }
}
