import type { MountedWidget } from '@hallpass/client/embed'
import { HallpassWidget, useWidgetConfig, useWidgetSession } from '@hallpass/client/react'
import { useRef, useState } from 'react'

interface ShopPageProps {
  readonly baseUrl: string
  readonly clientKey: string
  readonly widgetUrl: string
  /** The user who is logged in to the shop. */
  readonly userId: string | undefined
}

/** A page with a widget in an iframe, and a button with the branding of the client key. */
export function ShopPage({ baseUrl, clientKey, widgetUrl, userId }: ShopPageProps) {
  const { session, state } = useWidgetSession({ baseUrl, clientKey })
  const { config } = useWidgetConfig(session)
  const [isOpen, setOpen] = useState(false)
  const [news, setNews] = useState('')
  const widget = useRef<MountedWidget>(undefined)
  const mounted = (one: MountedWidget) => {
    widget.current = one
  }
  return (
    <main>
      <button type="button" style={{ background: config?.branding.primary_color }} onClick={() => setOpen(!isOpen)}>
        {config?.copy.launcher_label ?? 'Chat'}
      </button>
      <p role="status">{state.visitor ? `You are visitor ${state.visitor.visitor_id}` : 'No visitor yet'}</p>
      <button type="button" onClick={() => session.begin().catch(() => {})}>
        Begin
      </button>
      <button type="button" onClick={() => widget.current?.forget()}>
        Log out
      </button>
      <p role="log">{news}</p>
      {isOpen && (
        <HallpassWidget
          baseUrl={baseUrl}
          clientKey={clientKey}
          widgetUrl={widgetUrl}
          userId={userId}
          visitorToken={askBackend}
          onMounted={mounted}
          onEvent={({ type }) => setNews(type)}
          title="Chat with us"
          style={{ height: 400 }}
        />
      )}
    </main>
  )
}

/** See examples/node-backend. */
async function askBackend(): Promise<string | undefined> {
  const response = await fetch('/visitor-token', { method: 'POST' })
  if (response.status === 204) return undefined
  if (!response.ok) throw new Error(`The backend responded with ${response.status}.`)
  const { token }: { token: string } = await response.json()
  return token
}
