import type { Dialect as DialectName } from '@hallpass/contracts'
import { codeDialect } from './code.js'
import { envelopeDialect } from './envelope.js'
import { oauthDialect } from './oauth.js'
import { textDialect } from './text.js'
import type { DialectWriter } from './writer.js'

export const dialects: Record<DialectName, DialectWriter> = {
  envelope: envelopeDialect,
  text: textDialect,
  code: codeDialect,
  oauth: oauthDialect,
}

/** The dialect of a path, even if no operation has this path. */
export function dialectOf(path: string): DialectName {
  const [, dialect] = families.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`)) ?? []
  return dialect ?? 'code'
}

const families: readonly (readonly [string, DialectName])[] = [
  ['/v1/bridge', 'envelope'],
  ['/api/v1/widget', 'text'],
  ['/oauth2', 'oauth'],
]
