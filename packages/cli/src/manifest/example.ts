import type { Operation } from '@hallpass/contracts'
import { commandNameOf, toKebabCase } from '../command-name.js'

/** A command line to copy and paste, generated from the example of the contract. */
export function exampleOf(operation: Operation): string {
  const { resource, command } = commandNameOf(operation.id)
  const flags = [
    ...(operation.caller.by === 'secret_key' ? [['api-key', 'My API Key'] as const] : []),
    ...(operation.calledFrom === 'page' ? [['origin', 'https://shop.example'] as const] : []),
    // the input of an example is always an object
    ...Object.entries(operation.example.input as Readonly<Record<string, unknown>>).flatMap(flagsOf),
  ]
  return [`  hallpass ${resource} ${command}`, ...flags.map(([flag, value]) => `    --${flag} ${quote(value)}`)].join(
    ' \\\n',
  )
}

function flagsOf([name, value]: readonly [string, unknown]): (readonly [flag: string, value: string])[] {
  const flag = toKebabCase(name)
  if (Array.isArray(value)) return value.map((item) => [flag, textOf(item)])
  return [[flag, textOf(value)]]
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return /^\\*@/.test(value) ? `\\${value}` : value
}

/** Quotes a value for a POSIX shell if necessary. */
function quote(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
}
