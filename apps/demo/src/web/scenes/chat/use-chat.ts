import { type EmbedEvent, type MountedWidget, mountWidget } from '@hallpass/client/embed'
import { useEffect, useRef, useState } from 'react'
import { askBackend } from '../../calls/ask-backend.js'
import { recordingFetch } from '../../calls/recording-fetch.js'
import { useWidgetMessages } from '../../calls/use-widget-messages.js'
import { messageSeen } from '../../flow/exchange.js'
import { useSettings } from '../../shell/settings.js'
import { chatFlow } from '../flows.js'
import { readLoggedIn, watchLoggedIn, writeLoggedIn } from './logged-in.js'

/** The visitor of the widget, according to its latest event. */
export interface Talking {
  readonly visitorId: string
  readonly as: string
}

/** The chat on the railway's page: mounts the widget, and logs its visitor in and out. */
export function useChat() {
  const settings = useSettings()
  const [isOpen, setOpen] = useState(readLoggedIn)
  const [isLoggedIn, setLoggedIn] = useState(readLoggedIn)
  const [talking, setTalking] = useState<Talking>()
  const place = useRef<HTMLDivElement>(null)
  const widget = useRef<MountedWidget>(undefined)
  useWidgetMessages(chatFlow)
  useEffect(() => watchLoggedIn(() => setLoggedIn(readLoggedIn())), [])

  useEffect(() => {
    if (!isOpen || !place.current) return
    widget.current = mountWidget({
      baseUrl: settings.hallpassUrl,
      clientKey: settings.clientKey,
      widgetUrl: `${settings.widgetsUrl}/chat?${new URLSearchParams({ parent: location.origin })}`,
      container: place.current,
      title: 'Chat',
      visitorToken: async () => (readLoggedIn() ? visitorToken() : undefined),
      ...(readLoggedIn() ? { userId: settings.user.id } : {}),
      fetch: recordingFetch(chatFlow),
      onEvent: (event) => {
        chatFlow.add(messageSeen({ from: 'widget', to: 'browser', type: event.type, body: bodyOf(event) }))
        setTalking((before) => talkingAfter(event, before))
      },
    })
    return () => {
      widget.current?.unmount()
      widget.current = undefined
    }
  }, [isOpen, settings])

  return {
    place,
    isOpen,
    isLoggedIn,
    talking,
    toggle: () => setOpen(!isOpen),
    logIn: async () => {
      writeLoggedIn(true)
      setLoggedIn(true)
      const token = await visitorToken()
      if (token !== undefined) await widget.current?.upgrade(token).catch(() => undefined)
    },
    logOut: () => {
      writeLoggedIn(false)
      setLoggedIn(false)
      setTalking(undefined)
      widget.current?.forget()
    },
    signOutEverywhere: async () => {
      writeLoggedIn(false)
      setLoggedIn(false)
      setTalking(undefined)
      await askBackend(chatFlow, 'sign-out-everywhere')
      // the widget would notice with its next call
      widget.current?.forget()
    },
  }
}

async function visitorToken(): Promise<string | undefined> {
  const asked = await askBackend<{ token: string }>(chatFlow, 'user-token')
  return 'answer' in asked ? asked.answer.token : undefined
}

/** What the diagram shows of an event. */
const bodyOf = (event: EmbedEvent) =>
  event.type === 'refused' ? { reason: event.error.reason } : 'visitor' in event ? event.visitor : undefined

function talkingAfter(event: EmbedEvent, before: Talking | undefined): Talking | undefined {
  if (event.type === 'expired' || event.type === 'revoked') return undefined
  if (!('visitor' in event)) return before
  const { visitor_id, user } = event.visitor
  return { visitorId: visitor_id, as: user?.display_name ?? user?.id ?? 'a guest' }
}
