import {
  type Dialect,
  type Operation,
  operations,
  publishedReason,
  type Reason,
  reasons,
  refusalReasons,
} from '@hallpass/contracts'
import { HallpassError } from '@hallpass/server'
import { dialects } from '../packages/server/src/http/dialects/dialect.js'
import { wrapped } from './wrapped.js'

const bodies: Readonly<Record<Dialect, string>> = {
  envelope:
    'JSON: `{data, error, meta, response_type: "error"}`. `data` and `error` both hold `{status, type, title, detail, items?}`.',
  text: 'Plain text: a phrase. The header `X-Error-Reason` holds the reason.',
  code: "JSON: `{code, detail, status}`, with `valid_status` if a status doesn't fit, and `retry_after` if a limit is exceeded.",
  oauth: 'JSON: `{error, error_description}`.',
}

const dialectNames = Object.keys(bodies) as Dialect[]
const reasonNames = Object.keys(reasons) as Reason[]
const all: readonly Operation[] = Object.values(operations)

/** Every reason with its status and texts, as Markdown, made from the table of reasons and the dialects. */
export function errorsPage(): string {
  const paragraphs = [
    '<!-- Made by `npm run generate`. Change the code, not this page. -->',
    '# Errors',
    'This page lists every error that an operation can return, with its status and its body. Use it to decide how your code handles each error.',
    'Every error has one reason from a closed list, and the reason decides the HTTP status. ' +
      'The typed client has the reason in `error.reason`, and tRPC in `error.data.reason`. ' +
      'A dialect is the shape of the body. [openapi.json](openapi.json) lists the reasons of each operation.',
    '## Dialects',
    ...dialectNames.map(dialectText),
    '## Reasons',
    'A dash means that no operation of the dialect returns this reason. “description” means a text that describes the problem and may change. “phrase” means one of the [fixed phrases](#fixed-phrases).',
    table(
      ['reason', 'status', 'envelope: `type`', 'text', 'code: `code`', 'oauth: `error`'],
      reasonNames.map(reasonRow),
    ),
    '## Fixed phrases',
    'The text dialect returns exactly these phrases.',
    table(['operation', 'reason', 'phrase'], all.flatMap(phraseRows)),
  ]
  return `${paragraphs.map(wrapped).join('\n\n')}\n`
}

function dialectText(dialect: Dialect): string {
  const families = [...new Set(all.filter((operation) => operation.dialect === dialect).map(familyOf))]
  const used = `Operations: ${families.map(code).join(', ')}.`
  return `**${dialect}**: ${bodies[dialect]} ${used}`
}

/** An operation by its id, and all administration operations as one. */
const familyOf = ({ id }: Operation): string => (id.startsWith('admin.') ? 'admin.*' : id)

function reasonRow(reason: Reason): string[] {
  return [code(reason), String(reasons[reason]), ...dialectNames.map((dialect) => wordOf(dialect, reason))]
}

function wordOf(dialect: Dialect, reason: Reason): string {
  const users = all.filter((operation) => operation.dialect === dialect && operation.refusals.includes(reason))
  if (users.length === 0) return '–'
  if (dialect === 'text') return users.some(({ phrases }) => phrases?.[reason]) ? 'phrase' : 'description'
  const written = JSON.parse(refusalBody(dialect, reason))
  if (dialect === 'envelope') return code(written.error.type)
  return code(dialect === 'code' ? written.code : written.error)
}

function refusalBody(dialect: Dialect, reason: Reason): string {
  const refused = refusalReasons.find((each) => publishedReason(each, dialect) === reason)
  if (!refused) throw new Error(`${dialect} does not publish ${reason}`)
  const error = new HallpassError(refused, 'what is wrong', { dialect })
  return dialects[dialect].refusal({ error, operation: undefined, requestId: '', at: '' }).body
}

function phraseRows({ id, phrases = {} }: Operation): string[][] {
  return Object.entries(phrases).map(([reason, phrase]) => [code(id), code(reason), phrase])
}

/** A table as Biome formats it: every column as wide as its widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}
