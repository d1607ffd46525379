import type { WidgetSession } from '@hallpass/client/browser'
import type { WidgetConfig } from '@hallpass/contracts'
import { type CSSProperties, type FormEvent, useEffect, useRef, useSyncExternalStore } from 'react'
import { readableOn } from '../../shared/readable-on.js'
import { useBusy } from '../common/use-busy.js'
import { Lines } from './lines.js'
import { useConversation } from './use-conversation.js'

interface ChatAppProps {
  readonly session: WidgetSession
  readonly config: WidgetConfig
}

/** The chat widget, with the appearance of its client key. It starts a session immediately, and keeps it alive while it is open. */
export function ChatApp({ session, config }: ChatAppProps) {
  const { status, visitor, error } = useSyncExternalStore(session.watch, session.state)
  const { messages, problem, say } = useConversation(session, visitor?.visitor_id)
  const form = useRef<HTMLFormElement>(null)
  const [isBusy, run] = useBusy()
  useEffect(() => {
    // the session's state contains the error
    session.begin().catch(() => undefined)
  }, [session])

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('text')).trim()
    if (text === '') return
    run(async () => {
      if (await say(text)) form.current?.reset()
    })
  }
  const hasBegun = useRef(false)
  if (visitor) hasBegun.current = true
  // after a log-out, the session is idle again
  const isOver = status === 'revoked' || status === 'expired' || (status === 'idle' && hasBegun.current)
  const { primary_color } = config.branding
  const brand = { '--brand': primary_color, '--on-brand': readableOn(primary_color) } as CSSProperties
  return (
    <main className="chat" style={brand} aria-labelledby="agent">
      <header className="chat-head">
        <h1 id="agent">{config.agent.display_name}</h1>
        <p role="status">{visitor ? `Chatting as ${visitor.user?.display_name ?? 'a guest'}` : 'Not connected'}</p>
      </header>
      <Lines greeting={config.copy.greeting} messages={messages} />
      {isOver ? (
        <div className="chat-over" role="alert">
          <p>This conversation has ended.</p>
          <button type="button" className="primary" onClick={() => session.begin().catch(() => undefined)}>
            Start again
          </button>
        </div>
      ) : (
        <form ref={form} className="chat-form" onSubmit={submit}>
          <label className="chat-label" htmlFor="text">
            Your message
          </label>
          <input id="text" name="text" autoComplete="off" maxLength={500} />
          <button type="submit" className="primary" aria-disabled={isBusy}>
            Send
          </button>
        </form>
      )}
      <p role="alert" className="problem chat-problem">
        {error?.message ?? problem}
      </p>
    </main>
  )
}
