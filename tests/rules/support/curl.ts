/** A request from a curl command line. */
export interface CurlRequest {
  readonly url: string
  readonly init: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string }
}

/**
 * Every command of a shell block. A backslash at the end of a line continues it. Commands other than curl are an error.
 */
export function readCurlCommands(block: string): CurlRequest[] {
  return readCommands(block).map(readCurl)
}

/** The words of every command of a shell block. */
export function readCommands(block: string): string[][] {
  return block
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
    .map(wordsOf)
}

/** The few options that the documentation uses, with curl's own meaning, so that these tests don't need curl. */
function readCurl([command, ...words]: string[]): CurlRequest {
  if (command !== 'curl') throw new Error(`only curl can run here, not ${command}`)
  const headers: Record<string, string> = {}
  const data: string[] = []
  const urls: string[] = []
  let method: string | undefined
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-H') setHeader(headers, words.shift() ?? '')
    else if (word === '-u') headers.Authorization = basic(words.shift() ?? '')
    else if (word === '-d') data.push(words.shift() ?? '')
    else if (word === '-X') method = words.shift()
    else if (word.startsWith('-')) throw new Error(`the option ${word} is not supported here`)
    else urls.push(word)
  }
  const [url, ...more] = urls
  if (url === undefined || more.length > 0) throw new Error('a curl command must name one URL')
  if (data.length === 0) return { url, init: { method: method ?? 'GET', headers } }
  const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
  return { url, init: { method: method ?? 'POST', headers: { ...type, ...headers }, body: data.join('&') } }
}

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

function setHeader(headers: Record<string, string>, line: string): void {
  const colon = line.indexOf(':')
  headers[line.slice(0, colon)] = line.slice(colon + 1).trim()
}

/**
 * Splits a line into words like a shell. Only single quotes are supported, because only they mean the same in every
 * shell.
 */
function wordsOf(line: string): string[] {
  if (/["$`\\]/.test(line.replace(/'[^']*'/g, ''))) throw new Error(`only single quotes are supported here: ${line}`)
  return [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''))
}
