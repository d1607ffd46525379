import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { builtInKinds } from '@hallpass/contracts'

const path = fileURLToPath(new URL('../docs/kinds.md', import.meta.url))
const heads = ['kind', '`form`', '`ttl_seconds`', '`uses`', '`actions`', '`typ`', '`minted_by`']

/** docs/kinds.md with its table of the built-in kinds, which is its last one. */
export function kindsPage(): string {
  const page = readFileSync(path, 'utf8')
  const [text = '', ...more] = page.split('\n## The built-in kinds\n')
  const introduction = more.join('').split('\n| ')[0] ?? ''
  return `${text}\n## The built-in kinds\n${introduction}\n${table(Object.values(builtInKinds).map(cellsOf))}\n`
}

function cellsOf(kind: (typeof builtInKinds)[keyof typeof builtInKinds]): string[] {
  const { name, form, ttl_seconds, uses, actions, minted_by } = kind
  const { default: ttl, max } = ttl_seconds
  return [
    code(name),
    code(form),
    max > ttl ? `${ttl}, at most ${max} in all` : `${ttl}`,
    uses === null ? code('null') : `${uses}`,
    actions.map(code).join(', '),
    'typ' in kind ? code(kind.typ) : '',
    minted_by.map(code).join(', '),
  ]
}

const code = (text: string) => `\`${text}\``

function table(rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => Math.max(...[heads, ...rows].map((row) => (row[column] ?? head).length)))
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`
  return [heads, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n')
}
