import { createHallpassClient, type HallpassClient } from '@hallpass/client'
import { useState } from 'react'
import './console.css'
import { ConsoleProvider } from './console-client.js'
import { Rooms } from './sections.js'
import { SignIn } from './sign-in.js'

/** For whoever runs it. The key lives in this component and nowhere else: leaving or reloading the page forgets it. */
export function ConsolePage() {
  const [hallpass, setHallpass] = useState<HallpassClient>()
  if (!hallpass)
    return <SignIn onEnter={(apiKey) => setHallpass(clientFor(apiKey))} check={(apiKey) => check(apiKey)} />
  return (
    <ConsoleProvider value={hallpass}>
      <Rooms onLeave={() => setHallpass(undefined)} />
    </ConsoleProvider>
  )
}

/** Administration is closed to pages of other origins, so the demo's backend passes the calls on, with the key as it came. */
const clientFor = (apiKey: string) => createHallpassClient({ baseUrl: `${location.origin}/api/console`, apiKey })

/** Throws the refusal when the key may not administer anything. */
const check = (apiKey: string) => clientFor(apiKey).admin.accounts.list({ limit: 1 })
