import { useState } from 'react'

/** Runs one thing at a time: while it runs, `isBusy`, and a second press does nothing. */
export function useBusy(): readonly [isBusy: boolean, run: (task: () => Promise<unknown>) => Promise<void>] {
  const [isBusy, setBusy] = useState(false)
  const run = async (task: () => Promise<unknown>) => {
    if (isBusy) return
    setBusy(true)
    try {
      await task()
    } finally {
      setBusy(false)
    }
  }
  return [isBusy, run]
}
