import type { Command } from 'commander'
import type { Field } from '../manifest/fields.js'
import type { OfferedHeader, OfferedOperation } from '../manifest/manifest.js'
import { addFlag } from './add-flag.js'

/** A flag and how to read what was written for it. */
export interface Written<T> {
  readonly of: T
  readonly read: () => unknown
}

/** Every flag of an operation's command. */
export interface WrittenFlags {
  readonly fields: readonly Written<Field>[]
  readonly headers: readonly Written<OfferedHeader>[]
  readonly waitForStdin: () => boolean
  /** Whether the operation has a body that stdin could hold. */
  readonly takesBody: boolean
}

/** Declares the flags of an operation. */
export function declareFlags(command: Command, operation: OfferedOperation): WrittenFlags {
  const { takesBody } = operation
  const fields = operation.fields.map((field) => {
    const option = addFlag(command, {
      flags: `--${field.flag} ${placeholderOf(field)}`,
      description: describe(field),
      repeatable: field.type === 'array',
      ...(field.values && { values: field.values }),
    })
    return { of: field, read: () => command.getOptionValue(option.attributeName()) }
  })
  const headers = operation.headers.map((header) => {
    const option = addFlag(command, {
      flags: `--${header.flag} <${header.placeholder}>`,
      description: `Header param: ${header.description}`,
    })
    return { of: header, read: () => command.getOptionValue(option.attributeName()) }
  })
  const wait = takesBody
    ? addFlag(command, {
        flags: '--stdin',
        description:
          'Wait for the JSON or YAML body on stdin for as long as it takes; without this an open pipe must speak at once.',
      })
    : undefined
  return {
    fields,
    headers,
    takesBody,
    waitForStdin: () => wait !== undefined && command.getOptionValue('stdin') === true,
  }
}

function placeholderOf({ type, format, values }: Field): string {
  if (type === 'boolean') return '[boolean]'
  if (type === 'array') return '<item>'
  if (type !== 'string' || values) return `<${type}>`
  return `<${format ?? 'string'}>`
}

function describe({ path, place, description, required, defaultValue, type }: Field): string {
  const notes = [
    ...(required && path.length === 1 ? ['required'] : []),
    ...(type === 'array' ? ['repeat it, or give a list'] : []),
    ...(isTold(defaultValue) ? [`default: ${String(defaultValue)}`] : []),
  ]
  return [
    `${place} param${description ? `: ${description.replace(/\.?$/, '.')}` : ''}`,
    ...(notes.length > 0 ? [`(${notes.join('; ')})`] : []),
  ].join(' ')
}

/** An empty text or object as a default says nothing. */
const isTold = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value) && value !== ''
