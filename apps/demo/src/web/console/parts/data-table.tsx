import type { ReactNode } from 'react'
import { Problem } from './problem.js'
import type { List } from './use-list.js'

interface Props<T> {
  readonly caption: string
  readonly list: List<T>
  readonly keyOf: (item: T) => string
  /** What stands at the head of each column, and how to write an item's cell. */
  readonly columns: Readonly<Record<string, (item: T) => ReactNode>>
  readonly empty: string
}

/** A list as a table, which becomes a list of cards where there is no room. */
export function DataTable<T>({ caption, list, keyOf, columns, empty }: Props<T>) {
  const { items, problem, hasMore, more } = list
  const heads = Object.entries(columns)
  return (
    <>
      <Problem error={problem} />
      {items?.length === 0 && <p className="quiet">{empty}</p>}
      {items !== undefined && items.length > 0 && (
        <table className="data">
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {heads.map(([head]) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={keyOf(item)}>
                {heads.map(([head, write]) => (
                  <td key={head} data-head={head}>
                    {write(item)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hasMore && (
        <button type="button" className="button" data-look="quiet" data-size="small" onClick={more}>
          More
        </button>
      )}
    </>
  )
}
