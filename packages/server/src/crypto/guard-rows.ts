import { createHmac, timingSafeEqual } from 'node:crypto'
import type { GuardedRow, RowGuard } from '../store/row-guard.js'
import type { DataKeyRing } from './data-key-ring.js'
import { deriveSealingKeys, type SealingKeys } from './derive-keys.js'
import { dataKeyIdOf } from './numbered-seal.js'
import type { RingState } from './ring-state.js'

export type ChangedRow = Pick<GuardedRow, 'table' | 'id'>

type Ring = Pick<DataKeyRing, 'byId' | 'current' | 'learnFrom' | 'protectsRows'>

/** Checks and makes the MACs of rows. `onChanged` is called once for each row that someone changed in the database. */
export function guardRows(ring: Ring, onChanged: (row: ChangedRow) => void = () => {}): RowGuard {
  const reported = new Set<string>()
  return {
    async isGenuine(row, settings) {
      const id = dataKeyIdOf(row.mac ?? '')
      if (!ring.byId(id)) await ring.learnFrom(settings, id)
      if (!ring.protectsRows() || isCodeOf(ring.byId(id), row)) return true
      const name = `${row.table} ${row.id}`
      if (!reported.has(name)) onChanged({ table: row.table, id: row.id })
      reported.add(name)
      return false
    },
    async sealIn(tx) {
      const keys = await ring.current(tx)
      return ring.protectsRows() ? (content) => codeOf(keys, content) : () => null
    },
  }
}

/** The rows that someone changed in the database. */
export function findChangedRows(rows: readonly GuardedRow[], state: RingState): ChangedRow[] {
  if (!state.protectsRows) return []
  const keys = state.keys.map(deriveSealingKeys)
  return rows.filter((row) => !isCodeOf(findById(keys, dataKeyIdOf(row.mac ?? '')), row))
}

/** New MACs for the rows with valid ones, or for all rows if they were not protected before. */
export function renewCodes(rows: readonly GuardedRow[], before: RingState, next: SealingKeys) {
  const changed = new Set(findChangedRows(rows, before).map(({ table, id }) => `${table} ${id}`))
  return rows
    .filter(({ table, id }) => !changed.has(`${table} ${id}`))
    .map((row) => ({ table: row.table, id: row.id, mac: codeOf(next, row.content) }))
}

const findById = (keys: readonly SealingKeys[], id: number) => keys.find((one) => one.id === id)

/** Begins with the id of its data key, like everything that is sealed. */
export const codeOf = ({ id, rowMac }: SealingKeys, content: string): string =>
  `${id}.${createHmac('sha256', rowMac).update(content).digest('base64url')}`

function isCodeOf(keys: SealingKeys | undefined, { mac, content }: GuardedRow): boolean {
  if (!keys || mac === null) return false
  const [expected, found] = [Buffer.from(codeOf(keys, content)), Buffer.from(mac)]
  return expected.length === found.length && timingSafeEqual(expected, found)
}
