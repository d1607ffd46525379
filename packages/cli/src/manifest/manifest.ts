import type { OperationId } from '@hallpass/contracts'
import { readOwnFile } from '../own-file.js'
import type { Field } from './fields.js'
import type { HeaderFlag } from './header-flags.js'

/** What help, completion and suggestions need to know about an operation, as plain data. */
export interface ManifestEntry {
  readonly id: OperationId
  readonly summary: string
  readonly description: string
  /** Such as `POST /v1/bridge/initialize`. */
  readonly route: string
  /** Whether the operation has a body, which stdin can provide. */
  readonly takesBody: boolean
  readonly fields: readonly Field[]
  readonly headers: readonly ManifestHeader[]
  readonly example: string
}

/** A header flag without its validation. */
export type ManifestHeader = Omit<HeaderFlag, 'issueOf'>

/**
 * Reads the manifest that `makeManifest` generated. This way, help and completion don't load the contracts: building
 * their schemas takes longer than everything else that a help text needs.
 */
export function readManifest(): ManifestEntry[] {
  return JSON.parse(readOwnFile('manifest.json'))
}
