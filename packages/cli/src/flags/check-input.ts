import { type Issue, Issues, type Operation, parseInputOf } from '@hallpass/contracts'
import { toKebabCase } from '../command-name.js'
import type { Field } from '../manifest/fields.js'
import type { Written } from './declare-flags.js'
import { hasAt } from './read-input.js'

/** The error message of a call that requires a secret key. */
export const missingApiKey = 'Missing API key: set --api-key or HALLPASS_API_KEY.'

/** Validates an input before it is sent. Returns one line for each issue, which names the flag. */
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
    ...(needsKey ? [missingApiKey] : []),
    ...missing.map(
      ([flag, ...aliases]) =>
        `Missing required flag --${flag}${aliases.map((name) => ` or its alias --${name}`).join('')}.`,
    ),
  ]
  const parsed = parseInputOf(operation, input)
  if (!(parsed instanceof Issues)) return lines
  const missingNames = new Set(missing.flat())
  const issues = parsed.list.filter(({ reference }) => !missingNames.has(toKebabCase(reference ?? '')))
  return [...lines, ...issues.map((issue) => describeIssue(issue, fields))]
}

function describeIssue({ reference = '', detail }: Issue, fields: readonly Written<Field>[]): string {
  const path = reference.split('.')
  for (let length = path.length; length > 0; length -= 1) {
    const name = path.slice(0, length).join('.')
    const field = fields.find(({ of }) => of.path.join('.') === name)?.of
    if (!field) continue
    const inner = innerName(field, path.slice(length))
    return inner === '' ? `--${field.flag} ${detail}.` : `--${field.flag}: ${inner} ${detail}.`
  }
  return `${reference || 'The input'} ${detail}.`
}

/** Items of a list are numbered from one, as people count. */
function innerName({ type }: Field, [first = '', ...rest]: readonly string[]): string {
  const name = type === 'array' && /^\d+$/.test(first) ? `item ${Number(first) + 1}` : first
  return [name, ...rest].join('.')
}
