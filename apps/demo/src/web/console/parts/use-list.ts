import { useCallback, useEffect, useRef, useState } from 'react'

interface Page<T> {
  readonly data: readonly T[]
  readonly next_cursor?: string | undefined
}

/** A paginated list. */
export interface List<T> {
  /** Absent until the first page has loaded. */
  readonly items?: readonly T[]
  readonly problem?: unknown
  readonly hasMore: boolean
  readonly more: () => void
  /** Reloads the list from the first page. The current items stay visible until the response arrives. */
  readonly again: () => Promise<void>
}

/** Loads the first page immediately and further pages on request. `ask` must be stable between renders. */
export function useList<T>(ask: (cursor: string | undefined) => Promise<Page<T>>): List<T> {
  const [pages, setPages] = useState<readonly Page<T>[]>()
  const [problem, setProblem] = useState<unknown>()
  const asked = useRef(0)
  const load = useCallback(
    async (before: readonly Page<T>[]) => {
      asked.current += 1
      const own = asked.current
      try {
        const page = await ask(before.at(-1)?.next_cursor)
        // a newer request supersedes this one, even if its response arrives first
        if (own !== asked.current) return
        setPages([...before, page])
        setProblem(undefined)
      } catch (error) {
        if (own === asked.current) setProblem(error)
      }
    },
    [ask],
  )
  useEffect(() => {
    load([])
  }, [load])
  return {
    ...(pages ? { items: pages.flatMap(({ data }) => data) } : {}),
    problem,
    hasMore: pages?.at(-1)?.next_cursor !== undefined,
    more: () => load(pages ?? []),
    again: () => load([]),
  }
}
