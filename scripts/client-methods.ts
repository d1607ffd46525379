import { type Operation, operations } from '@hallpass/contracts'
import * as z from 'zod'

/** The methods of the typed client, nested like the ids of the operations, with the texts of the contracts as JSDoc. */
export function clientMethods(): string {
  const tree: Group = {}
  for (const operation of Object.values<Operation>(operations)) {
    const names = operation.id.split('.')
    const last = names.pop() ?? ''
    const group = names.reduce<Group>((parent, name) => {
      parent[name] ??= {}
      return parent[name] as Group
    }, tree)
    group[last] = operation.id
  }
  return [
    '// Made by `npm run generate`. Change the contracts, not this file.',
    "import type { Method } from './method.js'",
    '',
    '/** A method for every operation, in groups, such as `client.bridge.initialize(…)`. Each throws {@link HallpassClientError}. */',
    'export interface HallpassClient {',
    ...linesOf(tree, '  '),
    '}',
    '',
  ].join('\n')
}

interface Group {
  [name: string]: Group | string
}

function linesOf(group: Group, indent: string): string[] {
  return Object.entries(group).flatMap(([name, member]) => {
    if (typeof member !== 'string')
      return [`${indent}readonly ${name}: {`, ...linesOf(member, `${indent}  `), `${indent}}`]
    const operation: Operation | undefined = Object.values<Operation>(operations).find(({ id }) => id === member)
    if (!operation) throw new Error(`there is no operation ${member}`)
    return [...commentOf(operation, indent), `${indent}readonly ${name}: Method<'${member}'>`]
  })
}

function commentOf(operation: Operation, indent: string): string[] {
  const { summary, description, methods, paths, caller, input, output, refusals } = operation
  const paragraphs = [`${summary}.`, description, `\`${methods[0]} ${paths[0]}\`${scopeOf(caller)}.`]
  const lines = [
    ...paragraphs.flatMap((text, index) => (index === 0 ? wrap(text, indent) : ['', ...wrap(text, indent)])),
    ...fieldsOf(input, 'input'),
    ...fieldsOf(output, 'output'),
    `@throws HallpassClientError with one of these reasons: ${refusals.join(', ')}.`,
  ]
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`]
}

/** The fields of a schema, each in a line, with what the contracts say about it. */
function fieldsOf(schema: z.ZodType, io: 'input' | 'output'): string[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  const names = Object.entries(properties)
  const tag = io === 'input' ? '@param input' : '@returns'
  if (names.length === 0) return io === 'input' ? [`${tag} Nothing.`] : []
  return [
    tag,
    ...names.map(([name, field]) => {
      const text = typeof field === 'object' ? field.description : undefined
      const isOptional = io === 'input' && !required.includes(name)
      return `- \`${name}\`${isOptional ? ' (optional)' : ''}${text === undefined ? '' : `: ${text}`}`
    }),
  ]
}

const width = 110

function wrap(text: string, indent: string): string[] {
  const lines = ['']
  for (const word of text.replaceAll('*/', '*\\/').split(/\s+/)) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && indent.length + last.length + word.length > width) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}

const scopeOf = (caller: Operation['caller']) => {
  if (caller.by !== 'secret_key' || caller.scope === 'any') return ''
  const ofKind = caller.kindScope === undefined ? '' : ` or \`kind:<name>:${caller.kindScope}\``
  return `, with the scope \`${caller.scope}\`${ofKind}`
}
