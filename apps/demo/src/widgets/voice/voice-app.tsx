import { useMemo, useState } from 'react'
import type { Refusal } from '../../shared/backend-api.js'
import { type CallStarted, type VoiceStartedMessage, voiceStarted } from '../../shared/voice-api.js'
import { createAskWidgetHost } from '../common/ask-widget-host.js'
import { findParent } from '../common/parent.js'
import { Problem } from '../common/problem.js'
import { useBusy } from '../common/use-busy.js'
import type { Opening } from './read-opening.js'
import { hush } from './speak.js'
import { Talk } from './talk.js'

/** The voice guide: one call for one token. */
export function VoiceApp({ opening }: { readonly opening: Opening | undefined }) {
  const parent = useMemo(findParent, [])
  const ask = useMemo(() => createAskWidgetHost(parent, 'widget-host'), [parent])
  const [call, setCall] = useState<CallStarted>()
  const [isOver, setOver] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const [isBusy, run] = useBusy()
  if (!opening) return <Screen title="No call">The page didn’t pass a token.</Screen>
  if (isOver) return <Screen title="The call has ended">To talk to the keeper again, call again.</Screen>
  const hangUp = () => {
    hush()
    setOver(true)
  }
  if (call) return <Talk call={call} ask={ask} onEnd={hangUp} />
  const start = () =>
    run(async () => {
      const asked = await ask<CallStarted>('/api/voice/start', opening)
      if ('refusal' in asked) return setRefusal(asked.refusal)
      setCall(asked.answer)
      const message: VoiceStartedMessage = { type: voiceStarted, uses_left: asked.answer.uses_left }
      parent.send(message)
    })
  return (
    <Screen title="The keeper">
      {refusal ? <Problem refusal={refusal} /> : <p>is ready to talk.</p>}
      <button type="button" className="voice-start" aria-disabled={isBusy} onClick={start}>
        {isBusy ? 'One moment…' : refusal ? 'Try again' : 'Start the call'}
      </button>
    </Screen>
  )
}

function Screen({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <main className="voice">
      <div className="voice-beacon" aria-hidden="true" />
      <h1>{title}</h1>
      {children}
    </main>
  )
}
