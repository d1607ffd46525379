import { useCallback, useEffect, useRef, useState } from 'react'

interface Page<T> {
  readonly data: readonly T[]
  readonly next_cursor?: string | undefined
}

/** A list of the service, page by page. */
export interface List<T> {
  /** Absent until the first page has come. */
  readonly items?: readonly T[]
  readonly problem?: unknown
  readonly hasMore: boolean
  readonly more: () => void
  /** Asks again from the beginning; what is shown stays until the answer comes. */
  readonly again: () => Promise<void>
}

/** Asks for the first page at once, and for the others when told to. `ask` must stay the same between renders. */
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
        // what was asked later is what is wanted, whichever answer comes first
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
