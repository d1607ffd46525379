import type { Call } from '../shared/backend-api.js'

/** A fetch that writes down each call it makes to Hallpass, so that the page can show it. */
export function recordCalls(calls: Call[]): typeof fetch {
  return async (input, init) => {
    const startedAt = performance.now()
    const { pathname, search } = new URL(input instanceof Request ? input.url : input)
    const note = (status?: number) =>
      calls.push({
        from: 'backend',
        to: 'hallpass',
        method: init?.method ?? 'GET',
        path: pathname + search,
        ...(status === undefined ? {} : { status }),
        milliseconds: Math.round(performance.now() - startedAt),
      })
    try {
      const response = await fetch(input, init)
      note(response.status)
      return response
    } catch (error) {
      note()
      throw error
    }
  }
}
