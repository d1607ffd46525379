import type { ReactNode } from 'react'
import { useParameter } from '../ui/router.js'
import { Filter, filterItems } from './filter.js'
import { ListState } from './list-state.js'
import { More } from './more.js'
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
  /** The texts that the filter searches. */
  readonly textOf: (item: T) => readonly (string | null)[]
  readonly columns: readonly Column<T>[]
  readonly empty: string
}

/** A list as a table, with a filter in the address. On narrow screens, each row becomes a card. */
export function DataTable<T>({ caption, list, keyOf, textOf, columns, empty }: Props<T>) {
  const [wanted, setWanted] = useParameter('q')
  const shown = filterItems(list.items, wanted, textOf)
  return (
    <>
      <Filter list={list} value={wanted} onChange={setWanted} shown={shown.length} />
      <ListState list={list} empty={empty} />
      {shown.length > 0 && (
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
            {shown.map((item) => (
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
