import { useEffect, useState } from 'react'
import { useHallpass } from '../session/session.js'

/** An account with more keys than this shows the ids of the rest. */
const maxPages = 10

/** The names of the account's secret keys, by id. Empty until they have loaded. */
export function useKeyNames(): ReadonlyMap<string, string> {
  const hallpass = useHallpass()
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map())
  useEffect(() => {
    const leaving = new AbortController()
    const load = async () => {
      const found = new Map<string, string>()
      let cursor: string | undefined
      for (let page = 0; page < maxPages; page++) {
        const { data, next_cursor } = await hallpass.admin.apiKeys.list(
          { limit: 100, cursor },
          { signal: leaving.signal },
        )
        for (const { id, name } of data) found.set(id, name)
        setNames(new Map(found))
        if (next_cursor === undefined) return
        cursor = next_cursor
      }
    }
    // names are a convenience: without them, the list shows ids
    load().catch(() => {})
    return () => leaving.abort()
  }, [hallpass])
  return names
}
