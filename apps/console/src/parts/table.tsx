import type { ReactNode } from 'react'
import './table.css'

/** A column's heading, and how its cells are rendered. */
export interface Column<T> {
  readonly head: string
  readonly cell: (item: T) => ReactNode
}

export interface TableProps<T> {
  readonly caption: string
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  readonly columns: readonly Column<T>[]
}

/** A table, or nothing without items. On narrow screens, each row becomes a card. */
export function Table<T>({ caption, items, keyOf, columns }: TableProps<T>) {
  if (items.length === 0) return null
  return (
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
  )
}
