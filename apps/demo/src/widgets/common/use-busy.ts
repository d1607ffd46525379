import { useState } from 'react'

/** Runs one task at a time. While `isBusy`, another call does nothing. */
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
