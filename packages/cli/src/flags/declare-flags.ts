import type { Command } from 'commander'
import type { Field } from '../manifest/fields.js'
import type { ManifestEntry, ManifestHeader } from '../manifest/manifest.js'
import { addFlag } from './add-flag.js'

/** A flag and a function that reads its value. */
export interface Written<T> {
  readonly of: T
  readonly read: () => unknown
}

/** The flags of an operation's command. */
export interface WrittenFlags {
  readonly fields: readonly Written<Field>[]
  readonly headers: readonly Written<ManifestHeader>[]
  readonly waitForStdin: () => boolean
  /** Whether the operation has a body, which stdin can provide. */
  readonly takesBody: boolean
}

/** Declares the flags of an operation. */
export function declareFlags(command: Command, operation: ManifestEntry): WrittenFlags {
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
          'Wait for the JSON or YAML body on stdin as long as it takes. Without this flag, an open pipe is ignored if it stays silent.',
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
    ...(type === 'array' ? ['repeat the flag or give a list'] : []),
    ...(hasPrintableDefault(defaultValue) ? [`default: ${String(defaultValue)}`] : []),
  ]
  return [
    `${place} param${description ? `: ${description.replace(/\.?$/, '.')}` : ''}`,
    ...(notes.length > 0 ? [`(${notes.join('; ')})`] : []),
  ].join(' ')
}

/** Empty and structured defaults are not worth showing. */
const hasPrintableDefault = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value) && value !== ''
