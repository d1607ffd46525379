import { useEffect, useRef, useState } from 'react'
import type { Lane } from './exchange.js'
import { type Flow, useExchanges } from './flow.js'
import { FlowRow } from './flow-row.js'
import { lanes as laneFacts } from './lanes.js'

interface Props {
  readonly flow: Flow
  /** Who takes part in the scene, left to right. */
  readonly lanes: readonly Lane[]
  /** What to do to see something. */
  readonly hint: string
}

/** The sequence diagram of a scene, drawn from the calls as they happen. */
export function FlowPanel({ flow, lanes, hint }: Props) {
  const exchanges = useExchanges(flow)
  const [opened, setOpened] = useState<string>()
  const shown = lanesOf(exchanges, lanes)
  const count = exchanges.length
  const diagram = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is new stands at the end
  useEffect(() => {
    diagram.current?.scrollTo({ top: diagram.current.scrollHeight })
  }, [count])
  return (
    <section className="flow" aria-labelledby="flow-heading">
      <header className="flow-header">
        <h2 id="flow-heading">What happens</h2>
        <p className="quiet small" role="status">
          {count === 0 ? 'Nothing yet' : `${count} ${count === 1 ? 'step' : 'steps'}`}
        </p>
        <button
          type="button"
          className="button"
          data-look="quiet"
          data-size="small"
          disabled={count === 0}
          onClick={flow.clear}
        >
          Clear
        </button>
      </header>
      <div ref={diagram} className="flow-diagram" style={{ '--lanes': shown.length }}>
        <ul className="flow-lanes" aria-label="Who takes part">
          {shown.map((lane) => (
            <li key={lane} data-lane={lane} title={laneFacts[lane].about}>
              {laneFacts[lane].name}
            </li>
          ))}
        </ul>
        <ol className="flow-rows" aria-label="Steps, in the order they happened">
          {exchanges.map((exchange) => (
            <FlowRow
              key={exchange.id}
              exchange={exchange}
              lanes={shown}
              open={opened === exchange.id}
              onToggle={() => setOpened(opened === exchange.id ? undefined : exchange.id)}
            />
          ))}
        </ol>
        {count === 0 && <p className="flow-empty">{hint}</p>}
      </div>
    </section>
  )
}

/** Those that a scene always has, and before them those that only now and then act, such as the evil page. */
function lanesOf(exchanges: readonly { readonly from: Lane; readonly to: Lane }[], always: readonly Lane[]): Lane[] {
  const acting = exchanges.flatMap(({ from, to }) => [from, to])
  return [...new Set([...acting.filter((lane) => !always.includes(lane)), ...always])]
}
