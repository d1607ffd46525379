import type { Page } from '../../store/page.js'

/** The requested page. */
interface PageInput {
  readonly cursor?: string | undefined
  readonly limit: number
}

/** Reads one row more than requested, to know whether there is a next page. */
export async function readPage<Row extends { readonly id: string }, Item>(
  input: PageInput,
  list: (page: Page) => Promise<Row[]>,
  toItem: (row: Row) => Item,
): Promise<{ data: Item[]; next_cursor?: string }> {
  const rows = await list({ after: input.cursor ?? '', limit: input.limit + 1 })
  const shown = rows.slice(0, input.limit)
  const last = shown.at(-1)
  return { data: shown.map(toItem), ...(rows.length > shown.length && last ? { next_cursor: last.id } : {}) }
}

/** Milliseconds as RFC 3339, UTC. */
export const toTime = (milliseconds: number): string => new Date(milliseconds).toISOString()
