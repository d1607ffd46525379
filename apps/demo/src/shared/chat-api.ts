/** One message of a conversation. */
export interface ChatMessage {
  readonly id: string
  readonly from: 'visitor' | 'agent'
  readonly text: string
}

/** A visitor's conversation, oldest message first. */
export interface Conversation {
  readonly messages: readonly ChatMessage[]
}
