import type { ReactNode } from 'react'
import { More } from './more.js'
import { Problem } from './problem.js'
import type { List } from './use-list.js'
import './data-table.css'

/** A column's heading, and how its cells are rendered. */
interface Column<T> {
  readonly head: string
  readonly cell: (item: T) => ReactNode
}

interface Props<T> {
  readonly caption: string
  readonly list: List<T>
  readonly keyOf: (item: T) => string
  readonly columns: readonly Column<T>[]
  readonly empty: string
}

/** A list as a table. On narrow screens, each row becomes a card. */
export function DataTable<T>({ caption, list, keyOf, columns, empty }: Props<T>) {
  const { items, problem } = list
  return (
    <>
      <Problem error={problem} />
      {items?.length === 0 && <p className="quiet">{empty}</p>}
      {items !== undefined && items.length > 0 && (
        <table className="data">
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map(({ head }) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={keyOf(item)}>
                {columns.map(({ head, cell }) => (
                  <td key={head} data-head={head}>
                    <div>{cell(item)}</div>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <More list={list} />
    </>
  )
}
