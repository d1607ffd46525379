import { useRef, useState } from 'react'
import { isRefused, type ShownCall } from '../flow/exchange.js'
import type { Flow } from '../flow/flow.js'
import { PartView } from '../flow/part-view.js'
import { useSettings } from '../shell/settings.js'
import type { Attempt } from './attempt.js'

type State =
  | { readonly at: 'ready' | 'running' }
  | { readonly at: 'done'; readonly call: ShownCall }
  | { readonly at: 'failed'; readonly why: string }

/** One attempt: the button, and what came of it. */
export function AttemptCard({ attempt, flow }: { readonly attempt: Attempt; readonly flow: Flow }) {
  const settings = useSettings()
  const [state, setState] = useState<State>({ at: 'ready' })
  const stage = useRef<HTMLDivElement>(null)
  const isRunning = state.at === 'running'
  async function tryIt() {
    if (isRunning || !stage.current) return
    stage.current.replaceChildren()
    setState({ at: 'running' })
    try {
      setState({ at: 'done', call: await attempt.run({ flow, settings, stage: stage.current }) })
    } catch (error) {
      setState({ at: 'failed', why: error instanceof Error ? error.message : String(error) })
    }
  }
  return (
    <li className="attempt" data-at={state.at}>
      <div className="attempt-about">
        <h3>{attempt.title}</h3>
        <p className="quiet small">{attempt.about}</p>
      </div>
      <button
        type="button"
        className="button"
        data-look="danger"
        data-size="small"
        aria-disabled={isRunning}
        onClick={tryIt}
      >
        {isRunning ? 'Trying…' : state.at === 'ready' ? 'Try' : 'Try again'}
        <span className="visually-hidden">: {attempt.title}</span>
      </button>
      <div ref={stage} className="attempt-stage" />
      <div className="attempt-result" aria-live="polite">
        {state.at === 'failed' && <p className="small">It could not be tried: {state.why}</p>}
        {state.at === 'done' && <Verdict attempt={attempt} call={state.call} />}
      </div>
    </li>
  )
}

function Verdict({ attempt, call }: { readonly attempt: Attempt; readonly call: ShownCall }) {
  const isStopped = (attempt.isStopped ?? isRefused)(call)
  const { status, response } = call
  return (
    <>
      <p className="verdict" data-kind={isStopped ? 'stopped' : 'passed'}>
        <span className="stamp">{isStopped ? 'Stopped' : 'Got through'}</span>
        <span>{isStopped ? attempt.control : 'This should have been refused. Please report it.'}</span>
      </p>
      {response ? <PartView line={`HTTP ${status}`} {...response} /> : <p className="small">No answer came.</p>}
    </>
  )
}
