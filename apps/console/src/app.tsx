import { useMemo, useState } from 'react'
import { ConnectionNotice } from './connection/connection-notice.js'
import { watchConnection } from './connection/watch-connection.js'
import { rememberedKey } from './session/remembered-key.js'
import { type Account, clientFor, type Session, SessionProvider } from './session/session.js'
import { Shell } from './shell/shell.js'
import { type SignedIn, SignIn } from './sign-in.js'

const connection = watchConnection()

/** The operator's console. */
export function App() {
  const [signedIn, setSignedIn] = useState<SignedIn>()
  const [child, setChild] = useState<Account>()
  const session = useMemo(() => {
    if (!signedIn) return undefined
    const { secret, api_key, account: home } = signedIn
    const account = child ?? home
    const made: Session = {
      hallpass: clientFor(secret, connection.fetch, child?.id),
      apiKey: api_key,
      home,
      account,
      actOn: (next) => setChild(next.id === home.id ? undefined : next),
      signOut: () => {
        rememberedKey.forget()
        setSignedIn(undefined)
        setChild(undefined)
      },
    }
    return made
  }, [signedIn, child])
  return (
    <>
      <ConnectionNotice connection={connection} server="Hallpass" />
      {session ? (
        <SessionProvider value={session}>
          <Shell />
        </SessionProvider>
      ) : (
        <SignIn onEnter={setSignedIn} fetch={connection.fetch} />
      )}
    </>
  )
}
