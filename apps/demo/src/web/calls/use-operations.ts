import { useEffect, useState } from 'react'
import type { OperationSketch } from '../../shared/operation-sketch.js'

/** The operations, or why they aren't available yet. */
type Known = readonly OperationSketch[] | 'loading' | 'unreachable'

let known: readonly OperationSketch[] | undefined

async function load(): Promise<readonly OperationSketch[]> {
  const response = await fetch('/api/operations')
  if (!response.ok) throw new Error(`The backend responded with ${response.status}.`)
  // the demo's backend responds with this type
  return (await response.json()) as OperationSketch[]
}

/** How each operation of Hallpass is called. Loaded once. After a failure, the next caller tries again. */
export function useOperations(): Known {
  const [operations, setOperations] = useState<Known>(known ?? 'loading')
  useEffect(() => {
    if (known) return
    load().then(
      (loaded) => {
        known = loaded
        setOperations(loaded)
      },
      () => setOperations('unreachable'),
    )
  }, [])
  return operations
}
