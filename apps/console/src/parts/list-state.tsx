import { isTransient } from './is-transient.js'
import { Problem } from './problem.js'
import { SmallButton } from './small-button.js'
import type { List } from './use-list.js'

interface Props {
  readonly list: List<unknown>
  readonly empty: string
}

/** Says that a list is loading, empty, or could not be loaded. */
export function ListState({ list: { items, problem, again }, empty }: Props) {
  if (problem !== undefined)
    return (
      <>
        <Problem error={problem} />
        <div className="actions">
          {isTransient(problem) && <span className="quiet small">Trying again every 2 seconds.</span>}
          <SmallButton onClick={again}>Try again</SmallButton>
        </div>
      </>
    )
  if (items === undefined)
    return (
      <p role="status" className="quiet">
        Loading…
      </p>
    )
  return items.length === 0 ? <p className="quiet">{empty}</p> : null
}
