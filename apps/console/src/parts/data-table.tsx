import { useParameter } from '../ui/router.js'
import { Filter, filterItems } from './filter.js'
import { ListState } from './list-state.js'
import { More } from './more.js'
import { Table, type TableProps } from './table.js'
import type { List } from './use-list.js'

interface Props<T> extends Omit<TableProps<T>, 'items'> {
  readonly list: List<T>
  /** The texts that the filter searches. */
  readonly textOf: (item: T) => readonly (string | null)[]
  readonly empty: string
}

/** A list as a table, with a filter in the address. */
export function DataTable<T>({ list, textOf, empty, ...table }: Props<T>) {
  const [wanted, setWanted] = useParameter('q')
  const shown = filterItems(list.items, wanted, textOf)
  return (
    <>
      <Filter list={list} value={wanted} onChange={setWanted} shown={shown.length} />
      <ListState list={list} empty={empty} />
      <Table {...table} items={shown} />
      <More list={list} />
    </>
  )
}
