import { useEffect, useState } from 'react'
import { useHallpass } from '../session/session.js'

/** How long to wait after the last keystroke before asking the server. */
const pauseMilliseconds = 250

/**
 * What a list of allowed origins would have done to the calls of the last 24 hours, in a sentence. Undefined while it is
 * unknown, or if the list is invalid: saving it shows why.
 */
export function useTrial(clientKeyId: string, list: readonly string[] | undefined): string | undefined {
  const hallpass = useHallpass()
  const [summary, setSummary] = useState<string>()
  const text = list && JSON.stringify(list)
  useEffect(() => {
    setSummary(undefined)
    if (text === undefined) return
    const asking = new AbortController()
    const timer = setTimeout(() => {
      const input = { client_key_id: clientKeyId, origin_allowlist: JSON.parse(text) }
      hallpass.admin.clientKeys.try(input, { signal: asking.signal }).then(
        (trial) => setSummary(trial.summary),
        () => {},
      )
    }, pauseMilliseconds)
    return () => {
      clearTimeout(timer)
      asking.abort()
    }
  }, [hallpass, clientKeyId, text])
  return summary
}
