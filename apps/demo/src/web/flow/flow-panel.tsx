import { useEffect, useRef, useState } from 'react'
import { type Lane, lanes as laneFacts } from './exchange.js'
import { type Flow, useExchanges } from './flow.js'
import { FlowRow } from './flow-row.js'

interface Props {
  readonly flow: Flow
  /** The participants of the scene, from left to right. */
  readonly lanes: readonly Lane[]
  /** What to do first, shown while the diagram is empty. */
  readonly hint: string
}

/** The sequence diagram of a scene, updated as calls happen. */
export function FlowPanel({ flow, lanes, hint }: Props) {
  const exchanges = useExchanges(flow)
  const [opened, setOpened] = useState<string>()
  const shown = lanesOf(exchanges, lanes)
  const count = exchanges.length
  const diagram = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when a row is added
  useEffect(() => {
    diagram.current?.scrollTo({ top: diagram.current.scrollHeight })
  }, [count])
  return (
    <section className="flow" aria-labelledby="flow-heading">
      <header className="flow-header">
        <h2 id="flow-heading">Request flow</h2>
        <p className="quiet small" role="status">
          {count === 0 ? 'No steps yet' : `${count} ${count === 1 ? 'step' : 'steps'}`}
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
        <ul className="flow-lanes" aria-label="Participants">
          {shown.map((lane) => (
            <li key={lane} data-lane={lane} title={laneFacts[lane].about}>
              {laneFacts[lane].name}
            </li>
          ))}
        </ul>
        <ol className="flow-rows" aria-label="Steps in chronological order">
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

/** The lanes of the scene, preceded by participants that act only occasionally, such as the attacker. */
function lanesOf(exchanges: readonly { readonly from: Lane; readonly to: Lane }[], always: readonly Lane[]): Lane[] {
  const acting = exchanges.flatMap(({ from, to }) => [from, to])
  return [...new Set([...acting.filter((lane) => !always.includes(lane)), ...always])]
}
