import { readFileSync } from 'node:fs'
import { UsageError } from '../errors.js'
import type { Field } from '../manifest/fields.js'

/**
 * What a flag's text means for its field. Only objects and bracketed lists are read as YAML: text stays text, so that
 * `--external-id 123` is not a number. Text that does not fit is passed on for the operation's own schema to refuse.
 */
export async function parseValue(field: Field, written: string): Promise<unknown> {
  const text = readAtFile(`--${field.flag}`, written)
  if (field.type === 'object') return parseYaml(`--${field.flag}`, text)
  if (field.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (field.type === 'integer' || field.type === 'number') return isNumber(text) ? Number(text) : text
  return text
}

/** A list flag may be given several times, one item each, or hold items as a YAML or JSON list. */
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
 * `@path` is the text of that file, without its last line break; `\@text` is `@text`, and with more backslashes one less;
 * anything else is itself.
 * Only the start of a flag's own value counts: data inside an object, or from stdin, never opens a file.
 */
export function readAtFile(flag: string, value: string): string {
  if (/^\\+@/.test(value)) return value.slice(1)
  if (!value.startsWith('@')) return value
  const path = value.slice(1)
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unreadable'
    throw new UsageError(`${flag}: cannot read the file "${path}" (${code}); write \\@ for a value that begins with @`)
  }
}

/** Reads JSON or YAML; `where` names its source in the refusal. */
export async function parseYaml(where: string, text: string): Promise<unknown> {
  try {
    return JSON.parse(text)
  } catch {
    const { parse } = await import('yaml')
    try {
      return parse(text, { logLevel: 'error', prettyErrors: false })
    } catch (error) {
      // the parser's message says what is wrong and never quotes more than a character or a name
      throw new UsageError(`${where} is neither JSON nor YAML: ${error instanceof Error ? error.message : error}`)
    }
  }
}

const isNumber = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
