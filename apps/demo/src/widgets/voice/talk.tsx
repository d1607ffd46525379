import { useEffect, useState } from 'react'
import type { CallAnswer, CallStarted } from '../../shared/voice-api.js'
import type { AskWidgetHost } from '../common/ask-widget-host.js'
import { useBusy } from '../common/use-busy.js'
import { speak } from './speak.js'

interface Props {
  readonly call: CallStarted
  readonly ask: AskWidgetHost
  readonly onEnd: () => void
}

const bars = Array.from({ length: 24 }, (_, at) => at)

/** A running call: what the keeper says, what to ask, and the time that is left. */
export function Talk({ call, ask, onEnd }: Props) {
  const { call_id, voice, max_minutes, questions } = call
  const [line, setLine] = useState(call.line)
  const [left, setLeft] = useState(max_minutes * 60)
  const [isBusy, run] = useBusy()
  useEffect(() => speak(line, voice), [line, voice])
  useEffect(() => {
    if (left <= 0) return onEnd()
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left, onEnd])
  const put = (question: string) =>
    run(async () => {
      const asked = await ask<CallAnswer>('/api/voice/ask', { call_id, question })
      setLine('refusal' in asked ? asked.refusal.message : asked.answer.line)
    })
  return (
    <main className="voice voice-talk">
      <h1>
        The keeper <span>voice: {voice}</span>
      </h1>
      <div className="voice-wave" aria-hidden="true">
        {bars.map((at) => (
          <i key={at} />
        ))}
      </div>
      <p className="voice-line" aria-live="polite">
        {line}
      </p>
      <ul className="voice-questions">
        {questions.map((question) => (
          <li key={question}>
            <button type="button" aria-disabled={isBusy} onClick={() => put(question)}>
              {question}
            </button>
          </li>
        ))}
      </ul>
      <footer className="voice-foot">
        <span>
          {Math.floor(left / 60)}:{String(left % 60).padStart(2, '0')} left
        </span>
        <button type="button" className="voice-end" onClick={onEnd}>
          Hang up
        </button>
      </footer>
    </main>
  )
}
