import { readFileSync } from 'node:fs'
import { audienceOf, Issues, KindDeclaration, parseWith, toDeclaration, typOf } from '@hallpass/contracts'
import { decodeText, InvalidText } from '@hallpass/contracts/core'
import { FailedError } from '../errors.js'

/** Reads a declaration from a file, with its defaults filled in. */
export function readDeclaration(file: string): KindDeclaration {
  const parsed = parseWith(KindDeclaration, parseFile(file))
  if (parsed instanceof Issues) {
    const lines = parsed.list.map(({ reference = 'The declaration', detail }) => `${reference} ${detail}.`)
    throw new FailedError(lines.map((line) => `hallpass: ${line}`).join('\n'))
  }
  const declaration = toDeclaration(parsed)
  const typ = declaration.form === 'jwt' ? { typ: typOf(declaration) } : {}
  return { ...declaration, audience: audienceOf(declaration), ...typ }
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(decodeText(readFileSync(file)))
  } catch (error) {
    if (error instanceof InvalidText) throw new FailedError(`hallpass: ${file} ${error.message}.`)
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new FailedError(`hallpass: ${file} ${isMissing ? 'does not exist' : 'is not valid JSON or cannot be read'}.`)
  }
}
