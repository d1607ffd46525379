import { useEffect, useState } from 'react'
import type { OperationSketch } from '../../shared/operation-sketch.js'

/** The operations, or why they are not there yet. */
type Known = readonly OperationSketch[] | 'asking' | 'unreachable'

let known: readonly OperationSketch[] | undefined

async function load(): Promise<readonly OperationSketch[]> {
  const response = await fetch('/api/operations')
  if (!response.ok) throw new Error(`the backend answered ${response.status}`)
  // our own backend answers in this shape
  return (await response.json()) as OperationSketch[]
}

/** How each operation of Hallpass is called: asked once, and again by whoever comes after it could not be reached. */
export function useOperations(): Known {
  const [operations, setOperations] = useState<Known>(known ?? 'asking')
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
