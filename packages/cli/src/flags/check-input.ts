import { type Issue, Issues, type Operation, parseWith } from '@hallpass/contracts'
import { toKebabCase } from '../command-name.js'
import type { Field } from '../manifest/fields.js'
import type { Written } from './declare-flags.js'
import { hasAt } from './read-input.js'

/** What the service would refuse about an input, a line for each fault, naming the flag; nothing is sent then. */
export function checkInput(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  { fields, apiKey }: { fields: readonly Written<Field>[]; apiKey: string | undefined },
): string[] {
  const required = fields.map(({ of }) => of).filter((field) => field.required && field.path.length === 1)
  const missing = [
    ...required.filter(({ path }) => !hasAt(input, path)).map(({ flag }) => [flag]),
    ...(operation.required ?? [])
      .filter((names) => names.length > 1 && !names.some((name) => hasAt(input, [name])))
      .map((names) => names.map(toKebabCase)),
  ]
  const needsKey = operation.caller.by === 'secret_key' && apiKey === undefined
  const lines = [
    ...(needsKey ? ['Required flag "api-key" not set, nor HALLPASS_API_KEY'] : []),
    ...missing.map(
      ([flag, ...aliases]) =>
        `Required flag "${flag}" not set${aliases.map((name) => `, nor its alias "${name}"`).join('')}`,
    ),
  ]
  const parsed = parseWith(operation.input, input)
  if (!(parsed instanceof Issues)) return lines
  const missingNames = new Set(missing.flat())
  const faults = parsed.list.filter(({ reference }) => !missingNames.has(toKebabCase(reference ?? '')))
  return [...lines, ...faults.map((fault) => describeFault(fault, fields))]
}

function describeFault({ reference = '', detail }: Issue, fields: readonly Written<Field>[]): string {
  const path = reference.split('.')
  for (let length = path.length; length > 0; length -= 1) {
    const name = path.slice(0, length).join('.')
    const field = fields.find(({ of }) => of.path.join('.') === name)?.of
    if (!field) continue
    const inner = innerName(field, path.slice(length))
    return inner === '' ? `--${field.flag} ${detail}` : `--${field.flag}: ${inner} ${detail}`
  }
  return `${reference} ${detail}`.trim()
}

/** People count the items of a list from one. */
function innerName({ type }: Field, [first = '', ...rest]: readonly string[]): string {
  const name = type === 'array' && /^\d+$/.test(first) ? `item ${Number(first) + 1}` : first
  return [name, ...rest].join('.')
}
