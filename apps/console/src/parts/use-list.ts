import { useCallback, useEffect, useRef, useState } from 'react'
import { isTransient } from './is-transient.js'

interface Page<T> {
  readonly data: readonly T[]
  readonly next_cursor?: string | undefined
}

/** A paginated list. */
export interface List<T> {
  /** Absent until the first page has loaded. */
  readonly items?: readonly T[]
  readonly problem?: unknown
  readonly isLoading: boolean
  readonly hasMore: boolean
  readonly more: () => void
  /** Reloads the list from the first page. The current items stay visible until the response arrives. */
  readonly again: () => Promise<void>
}

const retryMilliseconds = 2_000

/**
 * Loads the first page immediately and further pages on request. While the server doesn't respond, it tries again.
 * `ask` must be stable between renders.
 */
export function useList<T>(ask: (cursor: string | undefined) => Promise<Page<T>>): List<T> {
  const [pages, setPages] = useState<readonly Page<T>[]>()
  const [problem, setProblem] = useState<unknown>()
  const [isLoading, setLoading] = useState(true)
  const asked = useRef(0)
  const retry = useRef<ReturnType<typeof setTimeout>>(undefined)
  const load = useCallback(
    async (before: readonly Page<T>[]) => {
      clearTimeout(retry.current)
      asked.current += 1
      const own = asked.current
      setLoading(true)
      try {
        const page = await ask(before.at(-1)?.next_cursor)
        // a newer request supersedes this one, even if its response arrives first
        if (own !== asked.current) return
        setPages([...before, page])
        setProblem(undefined)
      } catch (error) {
        if (own !== asked.current) return
        setProblem(error)
        if (isTransient(error)) retry.current = setTimeout(() => load(before), retryMilliseconds)
      }
      setLoading(false)
    },
    [ask],
  )
  useEffect(() => {
    load([])
    return () => {
      // a response that arrives later is for a page that is gone
      asked.current += 1
      clearTimeout(retry.current)
    }
  }, [load])
  return {
    ...(pages ? { items: pages.flatMap(({ data }) => data) } : {}),
    problem,
    isLoading,
    hasMore: pages?.at(-1)?.next_cursor !== undefined,
    more: () => load(pages ?? []),
    again: () => load([]),
  }
}
