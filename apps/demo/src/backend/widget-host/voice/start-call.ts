import type { HallpassClient } from '@hallpass/client'
import type {} from '../../shop/declared-kinds.js'

/** Starts a call: uses the token, which works once, within a minute, and for this exhibit only. */
export const startCall = (hallpass: HallpassClient, token: string, exhibit: string) =>
  hallpass.kinds.redeem({ kind: 'voice-guide', token, action: 'talk', resource: exhibit })
