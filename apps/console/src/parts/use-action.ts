import { useState } from 'react'

/** Runs one action at a time and keeps the error of the last one. */
export function useAction() {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  return {
    isBusy,
    problem,
    run: async (action: () => Promise<unknown>): Promise<boolean> => {
      if (isBusy) return false
      setBusy(true)
      setProblem(undefined)
      try {
        await action()
        return true
      } catch (error) {
        setProblem(error)
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
