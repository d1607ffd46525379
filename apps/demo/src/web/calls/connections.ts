import { watchConnection } from '@hallpass/console/watch-connection'
import { loadSettings } from '../shell/settings.js'

/** The page's calls to the shop's backend. */
export const backendConnection = watchConnection({
  probe: (send, signal) => send('/api/settings', { signal, cache: 'no-store' }),
})

/** The page's calls to Hallpass. */
export const hallpassConnection = watchConnection({
  probe: async (send, signal) => {
    const { hallpassUrl } = await loadSettings()
    // the page can't read the response, but learns that there is one
    return send(`${hallpassUrl}/health/live`, { signal, cache: 'no-store', mode: 'no-cors' })
  },
})
