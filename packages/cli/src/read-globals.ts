import { UsageError } from './errors.js'
import { defaultBaseUrl, defaultTimeoutSeconds, type Format, formats, type Globals } from './globals.js'
import type { Io } from './io.js'

const maxTimeoutSeconds = 86_400

type Deps = Pick<Io, 'env' | 'stdout'>

/** Reads the global flags. A flag overrides its variable, which overrides the default. Throws UsageError if any is invalid. */
export function readGlobals(options: Readonly<Record<string, unknown>>, { env, stdout }: Deps): Globals {
  const issues: string[] = []
  const check = <T>(value: T | undefined, issue: string, fallback: T): T => {
    if (value === undefined) issues.push(issue)
    return value ?? fallback
  }
  const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined)
  const apiKey = text('apiKey') || env.HALLPASS_API_KEY || env.STRADDLE_API_KEY
  const baseUrl = text('baseUrl') ?? (env.HALLPASS_BASE_URL || env.STRADDLE_BASE_URL || defaultBaseUrl)
  const globals = {
    apiKey: apiKey ? check(apiKeyOf(apiKey), apiKeyIssue, '') : undefined,
    apiKeyByFlag: Boolean(text('apiKey')),
    baseUrl: check(baseUrlOf(baseUrl), baseUrlIssue, ''),
    format: check(formatOf(text('format')), `--format ${formatIssue}`, 'auto'),
    formatError: check(formatOf(text('formatError')), `--format-error ${formatIssue}`, 'auto'),
    transform: text('transform'),
    transformError: text('transformError'),
    debug: options.debug === true,
    timeoutSeconds: check(secondsOf(text('timeout')), timeoutIssue, 0),
    color: stdout.isTTY && options.color !== false && !env.NO_COLOR && env.TERM !== 'dumb',
  }
  if (issues.length > 0) throw new UsageError(...issues)
  return globals
}

const apiKeyIssue =
  '--api-key (HALLPASS_API_KEY) must be 1 to 200 printable ASCII characters without leading or trailing spaces.'
const baseUrlIssue =
  '--base-url (HALLPASS_BASE_URL) must be an http or https URL without credentials, query or fragment.'
const formatIssue = `must be one of ${formats.join(', ')}.`
const timeoutIssue = `--timeout must be a number of seconds greater than 0 and at most ${maxTimeoutSeconds}.`

/** Accepts every key that can be imported, and nothing that an HTTP header can't contain. */
const apiKeyOf = (text: string) => (/^(?! )[\x20-\x7e]{1,200}(?<! )$/.test(text) ? text : undefined)

const formatOf = (text = 'auto'): Format | undefined => formats.find((format) => format === text)

function baseUrlOf(text: string): string | undefined {
  if (!/^https?:\/\/[^?#]+$/i.test(text) || !URL.canParse(text)) return undefined
  const { username, password } = new URL(text)
  return username || password ? undefined : text.replace(/\/+$/, '')
}

function secondsOf(text = String(defaultTimeoutSeconds)): number | undefined {
  const seconds = Number(text)
  return text.trim() !== '' && seconds > 0 && seconds <= maxTimeoutSeconds ? seconds : undefined
}
