import { type Step, type StepRun, wentRight } from '../scenes/scene.js'
import { CallList } from './call-list.js'
import { TokenView } from './token-view.js'

/** How a step went, from the first request to the last claim. */
export function StepResult({ step, run }: { readonly step: Step; readonly run: StepRun }) {
  const { calls, refusal, facts = [], tokens = [] } = run
  return (
    <div className="result">
      <p className="verdict" data-kind={wentRight(step, run) ? 'good' : 'bad'}>
        {verdictOf(step, run)}
      </p>
      <CallList calls={calls} />
      {refusal && (
        <p className="refusal">
          <code>{refusal.reason}</code> {refusal.message}
        </p>
      )}
      {facts.length > 0 && (
        <dl className="facts">
          {facts.map(({ name, value }) => (
            <div key={name} className="fact">
              <dt>
                <code>{name}</code>
              </dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {tokens.map((token) => (
        <TokenView key={token.name} token={token} />
      ))}
    </div>
  )
}

/** How a run went, in a few words. */
export function verdictOf(step: Step, run: StepRun): string {
  if (!run.refusal) return step.refusedWith ? 'Done, though it should have been refused' : 'Done'
  return wentRight(step, run) ? 'Refused, as it should be' : 'Refused'
}
