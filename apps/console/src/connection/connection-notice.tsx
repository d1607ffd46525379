import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Connection, ConnectionState } from './watch-connection.js'

const notices: Readonly<Record<ConnectionState, string>> = {
  connected: '',
  slow: 'Hallpass hasn’t answered for 2 seconds. Still waiting.',
  unreachable: 'Hallpass can’t be reached. Trying again.',
  offline: 'You’re offline. The console continues when you’re back online.',
}

const restoredMilliseconds = 4_000

/** Says that the server doesn't respond, and later that it responds again. Screen readers read it out. */
export function ConnectionNotice({ connection }: { readonly connection: Connection }) {
  const state = useSyncExternalStore(connection.subscribe, connection.state)
  const [wasLost, setWasLost] = useState(false)
  useEffect(() => {
    if (state !== 'connected') return setWasLost(true)
    const timer = setTimeout(() => setWasLost(false), restoredMilliseconds)
    return () => clearTimeout(timer)
  }, [state])
  const isRestored = state === 'connected' && wasLost
  return (
    <div role="status" aria-label="Connection" className="connection" data-kind={isRestored ? 'good' : 'bad'}>
      {isRestored ? 'Hallpass answers again.' : notices[state]}
    </div>
  )
}
