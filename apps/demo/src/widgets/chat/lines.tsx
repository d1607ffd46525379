import { useEffect, useRef } from 'react'
import type { ChatMessage } from '../../shared/chat-api.js'

interface LinesProps {
  readonly greeting: string
  readonly messages: readonly ChatMessage[]
}

/** The conversation, scrolled to its end. */
export function Lines({ greeting, messages }: LinesProps) {
  const list = useRef<HTMLOListElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when a message is added
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [messages])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: makes it scrollable with the keyboard
    <ol ref={list} className="lines" aria-label="Conversation" aria-live="polite" tabIndex={0}>
      {greeting !== '' && (
        <li className="line" data-from="agent">
          {greeting}
        </li>
      )}
      {messages.map(({ id, from, text }) => (
        <li key={id} className="line" data-from={from}>
          {text}
        </li>
      ))}
    </ol>
  )
}
