import { useEffect, useRef } from 'react'
import type { ChatMessage } from '../../shared/chat-api.js'

interface LinesProps {
  readonly greeting: string
  readonly messages: readonly ChatMessage[]
}

/** The conversation, scrolled to its end. */
export function Lines({ greeting, messages }: LinesProps) {
  const list = useRef<HTMLOListElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what moves the end
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [messages])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls has to be reached by keys
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
