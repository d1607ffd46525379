import { use } from 'react'
import type { OperationSketch } from '../../shared/operation-sketch.js'

let known: Promise<readonly OperationSketch[]> | undefined

async function load(): Promise<readonly OperationSketch[]> {
  const response = await fetch('/api/operations')
  // our own backend answers in this shape
  return response.ok ? ((await response.json()) as OperationSketch[]) : []
}

/** How each operation of Hallpass is called, asked once. Suspends until it is known. */
export function useOperations(): readonly OperationSketch[] {
  known ??= load()
  return use(known)
}
