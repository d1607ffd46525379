import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Connection, ConnectionState } from './watch-connection.js'

const notices: Readonly<Record<ConnectionState, (server: string) => string>> = {
  connected: () => '',
  slow: (server) => `${server} hasn’t answered for 2 seconds. Still waiting.`,
  unreachable: (server) => `${server} can’t be reached. Trying again.`,
  offline: () => 'You’re offline. This page continues when you’re back online.',
}

interface Props {
  readonly connection: Connection
  /** The name of the server. */
  readonly server: string
}

const restoredMilliseconds = 4_000

/** Says that the server doesn't respond, and later that it responds again. Screen readers read it out. */
export function ConnectionNotice({ connection, server }: Props) {
  const state = useSyncExternalStore(connection.subscribe, connection.state)
  const [wasLost, setWasLost] = useState(false)
  useEffect(() => {
    if (state !== 'connected') return setWasLost(true)
    const timer = setTimeout(() => setWasLost(false), restoredMilliseconds)
    return () => clearTimeout(timer)
  }, [state])
  const isRestored = state === 'connected' && wasLost
  return (
    <div
      role="status"
      aria-label={`Connection to ${server}`}
      className="connection"
      data-kind={isRestored ? 'good' : 'bad'}
    >
      {isRestored ? `${server} answers again.` : notices[state](server)}
    </div>
  )
}
