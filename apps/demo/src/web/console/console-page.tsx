import { createHallpassClient, type HallpassClient } from '@hallpass/client'
import { useState } from 'react'
import './console.css'
import { ConsoleProvider } from './console-client.js'
import { Sections } from './sections.js'
import { SignIn } from './sign-in.js'

/** The operator's console. The key is kept only in this component's state, so leaving or reloading the page forgets it. */
export function ConsolePage() {
  const [hallpass, setHallpass] = useState<HallpassClient>()
  if (!hallpass)
    return <SignIn onEnter={(apiKey) => setHallpass(clientFor(apiKey))} check={(apiKey) => check(apiKey)} />
  return (
    <ConsoleProvider value={hallpass}>
      <Sections onLeave={() => setHallpass(undefined)} />
    </ConsoleProvider>
  )
}

/** The admin API rejects calls from other origins, so the demo's backend forwards them with the operator's key. */
const clientFor = (apiKey: string) => createHallpassClient({ baseUrl: `${location.origin}/api/console`, apiKey })

/** Rejects if the key has no access to the admin API. */
const check = (apiKey: string) => clientFor(apiKey).admin.accounts.list({ limit: 1 })
