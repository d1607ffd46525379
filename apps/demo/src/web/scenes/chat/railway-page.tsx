import { Launcher } from './launcher.js'
import { Night } from './night.js'
import type { useChat } from './use-chat.js'

/** A night railway's page about a journey, with a chat in the corner. */
export function RailwayPage({
  chat,
  userName,
}: {
  readonly chat: ReturnType<typeof useChat>
  readonly userName: string
}) {
  const { isLoggedIn, logIn, logOut, place, isOpen } = chat
  return (
    <div className="railway">
      <header className="railway-head">
        <span className="railway-name">Northbound</span>
        <span className="railway-who">
          {isLoggedIn && <span>{userName}</span>}
          <button type="button" onClick={isLoggedIn ? logOut : logIn}>
            {isLoggedIn ? 'Log out' : `Log in as ${userName}`}
          </button>
        </span>
      </header>
      <Night />
      <section className="railway-journey" aria-label="Your journey">
        <p className="railway-when">Tonight, 23:05</p>
        <h2>Oslo to Trondheim</h2>
        <dl>
          <div>
            <dt>Arrives</dt>
            <dd>06:48</dd>
          </div>
          <div>
            <dt>Carriage</dt>
            <dd>4</dd>
          </div>
          <div>
            <dt>Berth</dt>
            <dd>B, upper</dd>
          </div>
        </dl>
        <p>Breakfast is served from half past five. Bring a jumper: the window opens.</p>
      </section>
      <div className="railway-chat" hidden={!isOpen} ref={place} />
      <Launcher isOpen={isOpen} onToggle={chat.toggle} />
    </div>
  )
}
