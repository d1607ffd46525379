import { randomUUID } from 'node:crypto'
import type { SessionClaims } from '@hallpass/contracts'
import type { ChatMessage } from '../../../shared/chat-api.js'
import { setBounded } from '../set-bounded.js'
import { replyTo } from './reply-to.js'

const mostVisitors = 500
const mostMessages = 100

/** Conversations by visitor. A guest who logs in stays the same visitor and keeps the conversation. */
export interface Conversations {
  readonly of: (visitorId: string) => readonly ChatMessage[]
  /** Adds a visitor's message and the agent's reply. */
  readonly say: (visitor: Pick<SessionClaims, 'sub' | 'user'>, text: string) => readonly ChatMessage[]
}

export function createConversations(): Conversations {
  const byVisitor = new Map<string, readonly ChatMessage[]>()
  const of = (visitorId: string) => byVisitor.get(visitorId) ?? []
  return {
    of,
    say({ sub, user }, text) {
      const said = [line('visitor', text), line('agent', replyTo(text, user?.display_name))]
      const messages = [...of(sub), ...said].slice(-mostMessages)
      setBounded(byVisitor, [sub, messages], mostVisitors)
      return messages
    },
  }
}

const line = (from: ChatMessage['from'], text: string): ChatMessage => ({ id: randomUUID(), from, text })
