import { useRef, useState } from 'react'
import type { ShownCall } from '../flow/exchange.js'
import type { Flow } from '../flow/flow.js'
import { PartView } from '../flow/part-view.js'
import { useSettings } from '../shell/settings.js'
import type { Attempt } from './attempt.js'
import { judge, reasonOf, type Verdict } from './judge.js'

type State =
  | { readonly at: 'ready' | 'running' }
  | { readonly at: 'done'; readonly call: ShownCall }
  | { readonly at: 'failed'; readonly why: string }

/** One attempt: its description, the button that runs it, and the result. */
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
        {state.at === 'failed' && <p className="small">This attempt could not run: {state.why}</p>}
        {state.at === 'done' && <Outcome attempt={attempt} call={state.call} />}
      </div>
    </li>
  )
}

const stamps: Readonly<Record<Verdict, string>> = {
  stopped: 'Stopped',
  passed: 'Got through',
  inconclusive: 'Inconclusive',
}

function Outcome({ attempt, call }: { readonly attempt: Attempt; readonly call: ShownCall }) {
  const verdict = judge(call, attempt.stoppedBy)
  const { status, response } = call
  return (
    <>
      <p className="verdict" data-kind={verdict}>
        <span className="stamp">{stamps[verdict]}</span>
        <span>{explain(verdict, attempt, call)}</span>
      </p>
      {response ? <PartView line={`HTTP ${status}`} {...response} /> : <p className="small">No response.</p>}
    </>
  )
}

function explain(verdict: Verdict, { control }: Attempt, call: ShownCall): string {
  if (verdict === 'stopped') return control
  if (verdict === 'passed') return 'This should have been refused. Please report it.'
  const reason = reasonOf(call)
  return `The request failed before it reached this control${reason === undefined ? '' : `: ${reason}`}. Try again in a moment.`
}
