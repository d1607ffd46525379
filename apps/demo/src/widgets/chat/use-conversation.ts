import type { WidgetSession } from '@hallpass/client/browser'
import { useEffect, useState } from 'react'
import type { BackendAnswer } from '../../shared/backend-api.js'
import type { ChatMessage, Conversation } from '../../shared/chat-api.js'

const path = '/api/chat/messages'
/** Notifies other tabs about a new message, which they then load from the backend. */
const channelName = 'hallpass-demo/chat'

/** The visitor's conversation. Reloads it when another tab sends a message. */
export function useConversation(session: WidgetSession, visitorId: string | undefined) {
  const [messages, setMessages] = useState<readonly ChatMessage[]>([])
  const [problem, setProblem] = useState<string>()

  const ask = async (init?: RequestInit): Promise<boolean> => {
    const outcome = await fetchConversation(session, init)
    setProblem('refusal' in outcome ? outcome.refusal.message : undefined)
    if ('answer' in outcome) setMessages(outcome.answer.messages)
    return 'answer' in outcome
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new visitor has a new conversation
  useEffect(() => {
    setMessages([])
    if (visitorId === undefined) return
    const channel = new BroadcastChannel(channelName)
    channel.onmessage = () => ask()
    ask()
    return () => channel.close()
  }, [visitorId])

  return {
    messages,
    problem,
    say: async (text: string): Promise<boolean> => {
      const headers = { 'Content-Type': 'application/json' }
      const isSaid = await ask({ method: 'POST', headers, body: JSON.stringify({ text }) })
      if (isSaid) notifyOtherTabs()
      return isSaid
    },
  }
}

function notifyOtherTabs(): void {
  const channel = new BroadcastChannel(channelName)
  channel.postMessage('new')
  channel.close()
}

async function fetchConversation(session: WidgetSession, init?: RequestInit): Promise<BackendAnswer<Conversation>> {
  try {
    const response = await session.fetchWithSession(path, init)
    // the demo's backend always responds with this type
    return (await response.json()) as BackendAnswer<Conversation>
  } catch (error) {
    const message = error instanceof Error ? error.message : 'The chat service is unreachable.'
    return { refusal: { reason: 'network', message }, calls: [] }
  }
}
