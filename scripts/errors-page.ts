import { type Dialect, type Operation, operations, type Reason, reasons } from '@hallpass/contracts'
import { HallpassError } from '@hallpass/server'
import { dialects } from '../packages/server/src/http/dialects/dialect.js'

const bodies: Readonly<Record<Dialect, string>> = {
  envelope:
    'JSON: `{data, error, meta, response_type: "error"}`; `data` and `error` both hold `{status, type, title, detail, items?}`',
  text: 'plain text: the words alone; the header `X-Error-Reason` holds the reason',
  code: 'JSON: `{code, detail, status}`, with `valid_status` where a state is at fault and `retry_after` where a limit is',
  oauth: 'JSON: `{error, error_description}`',
}

const dialectNames = Object.keys(bodies) as Dialect[]
const reasonNames = Object.keys(reasons) as Reason[]
const all: readonly Operation[] = Object.values(operations)

/** Every reason with its status and its words, as Markdown: made from the table of reasons and from the dialects themselves. */
export function errorsPage(): string {
  const paragraphs = [
    '<!-- Made by `npm run generate`. Change the code, not this page. -->',
    '# Which refusals are there?',
    'Every refusal has one reason from one closed list. The reason alone decides the HTTP status; a dialect only words it. ' +
      'tRPC carries the reason in `error.data.reason`, the typed client in `error.reason`. ' +
      'Which operation refuses for which reason stands in [openapi.json](openapi.json).',
    '## Dialects',
    table(['dialect', 'body of a refusal', 'operations'], dialectNames.map(dialectRow)),
    '## Reasons',
    'A dash: no operation of the dialect refuses for this reason. Where the text dialect has no documented phrase, ' +
      'it says what is wrong in words of the moment.',
    table(
      ['reason', 'status', 'envelope: `type`', 'text', 'code: `code`', 'oauth: `error`'],
      reasonNames.map(reasonRow),
    ),
    '## Documented phrases',
    'These are the exact words of the text dialect.',
    table(['operation', 'reason', 'phrase'], all.flatMap(phraseRows)),
  ]
  return `${paragraphs.join('\n\n')}\n`
}

function dialectRow(dialect: Dialect): string[] {
  const ids = all.filter((operation) => operation.dialect === dialect).map(({ id }) => code(id))
  return [dialect, bodies[dialect], ids.join(', ')]
}

function reasonRow(reason: Reason): string[] {
  return [code(reason), String(reasons[reason]), ...dialectNames.map((dialect) => wordOf(dialect, reason))]
}

function wordOf(dialect: Dialect, reason: Reason): string {
  const users = all.filter((operation) => operation.dialect === dialect && operation.refusals.includes(reason))
  if (users.length === 0) return '–'
  if (dialect === 'text')
    return users.some(({ phrases }) => phrases?.[reason]) ? 'a documented phrase' : 'what is wrong'
  const written = JSON.parse(refusalBody(dialect, reason))
  if (dialect === 'envelope') return code(written.error.type)
  return code(dialect === 'code' ? written.code : written.error)
}

function refusalBody(dialect: Dialect, reason: Reason): string {
  const error = new HallpassError(reason, 'what is wrong')
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
