import type { Dialect as DialectName, Operation } from '@hallpass/contracts'
import type { HallpassError } from '../../errors.js'
import type { Answer } from '../../execute/outcome.js'
import { codeDialect } from './code.js'
import { envelopeDialect } from './envelope.js'
import { oauthDialect } from './oauth.js'
import { textDialect } from './text.js'

/** What a refusal is about. */
export interface Refused {
  readonly error: HallpassError
  /** Absent where no operation was reached. */
  readonly operation: Operation | undefined
  readonly requestId: string
  /** RFC 3339, UTC. */
  readonly at: string
}

/** How one family of endpoints words its answers. */
export interface DialectWriter {
  readonly success: (answer: Answer) => unknown
  readonly refusal: (refused: Refused) => { readonly body: string; readonly headers: Record<string, string> }
}

export const dialects: Record<DialectName, DialectWriter> = {
  envelope: envelopeDialect,
  text: textDialect,
  code: codeDialect,
  oauth: oauthDialect,
}

/** The dialect of a path, also of one that no operation has. */
export function dialectOf(path: string): DialectName {
  const [, dialect] = families.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`)) ?? []
  return dialect ?? 'code'
}

const families: readonly (readonly [string, DialectName])[] = [
  ['/v1/bridge', 'envelope'],
  ['/api/v1/widget', 'text'],
  ['/oauth2', 'oauth'],
]
