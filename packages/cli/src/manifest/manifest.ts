import { readFileSync } from 'node:fs'
import type { OperationId } from '@hallpass/contracts'
import type { Field } from './fields.js'
import type { HeaderFlag } from './header-flags.js'

/** An operation as the command line offers it: all that help, completion and suggestions say, as plain data. */
export interface OfferedOperation {
  readonly id: OperationId
  readonly summary: string
  readonly description: string
  /** Such as `POST /v1/bridge/initialize`. */
  readonly route: string
  /** Whether the operation has a body that stdin could hold. */
  readonly takesBody: boolean
  readonly fields: readonly Field[]
  readonly headers: readonly OfferedHeader[]
  readonly example: string
}

/** A header flag without the check of its value. */
export type OfferedHeader = Omit<HeaderFlag, 'faultOf'>

/**
 * Every operation, as `makeManifest` wrote it down. So neither the contracts nor their schemas are loaded before an
 * operation is called: building those takes longer than all else that a help text needs.
 */
export function readManifest(): OfferedOperation[] {
  return JSON.parse(readFileSync(new URL('../../manifest.json', import.meta.url), 'utf8'))
}
