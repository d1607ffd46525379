import { readFileSync } from 'node:fs'
import { decodeText, InvalidText } from '@hallpass/contracts/core'
import { UsageError } from '../errors.js'
import type { Field } from '../manifest/fields.js'

/**
 * Parses a flag's text according to the type of its field. Only objects and bracketed lists are parsed as YAML, so that
 * `--external-id 123` stays text. Invalid text is returned as it is, and the operation's schema rejects it.
 */
export async function parseValue(field: Field, written: string): Promise<unknown> {
  const text = readAtFile(`--${field.flag}`, written)
  if (field.type === 'object') return parseYaml(`--${field.flag}`, text)
  if (field.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  // no number, time or URL is written like this, so it can only remove one
  if (text === 'null' && isNeverNamedNull(field)) return null
  if (field.type === 'integer' || field.type === 'number') return isNumber(text) ? Number(text) : text
  return text
}

/** A list flag can be repeated, with one item each, or contain a YAML or JSON list. */
export async function parseItems(field: Field, written: readonly string[]): Promise<unknown[]> {
  const lists = await Promise.all(
    written.map(async (value) => {
      const text = readAtFile(`--${field.flag}`, value)
      if (!text.trimStart().startsWith('[')) return [text]
      const list = await parseYaml(`--${field.flag}`, text)
      return Array.isArray(list) ? list : [list]
    }),
  )
  return lists.flat()
}

/**
 * Resolves `@path` to the text of that file without its last line break. A backslash escapes the `@`: `\@text` becomes
 * `@text`, and `\\@text` becomes `\@text`. Only the value of a flag itself is resolved: data inside an object or from
 * stdin never opens a file.
 */
export function readAtFile(flag: string, value: string): string {
  if (/^\\+@/.test(value)) return value.slice(1)
  if (!value.startsWith('@')) return value
  const path = value.slice(1)
  try {
    return decodeText(readFileSync(path)).replace(/\r?\n$/, '')
  } catch (error) {
    if (error instanceof InvalidText) throw new UsageError(`${flag}: The file "${path}" ${error.message}.`)
    const code = error instanceof Error && 'code' in error ? error.code : 'unreadable'
    throw new UsageError(
      `${flag}: Cannot read the file "${path}" (${code}). If the value starts with @, write \\@ instead.`,
    )
  }
}

/** Parses JSON or YAML. `where` names the source in error messages. */
export async function parseYaml(where: string, text: string): Promise<unknown> {
  try {
    return JSON.parse(text)
  } catch {
    const { parse } = await import('../yaml.js')
    try {
      return parse(text, { logLevel: 'error', prettyErrors: false })
    } catch (error) {
      // safe to print: the parser's message never quotes more than a character or a name
      throw new UsageError(`${where} is neither JSON nor YAML: ${error instanceof Error ? error.message : error}`)
    }
  }
}

const isNeverNamedNull = ({ type, format = '' }: Field) =>
  type === 'integer' || type === 'number' || format === 'date-time' || format === 'uri'

const isNumber = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
