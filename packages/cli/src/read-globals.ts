import { UsageError } from './errors.js'
import { defaultBaseUrl, defaultTimeoutSeconds, type Format, formats, type Globals } from './globals.js'
import type { Io } from './io.js'

const maxTimeoutSeconds = 86_400

type Needs = Pick<Io, 'env' | 'stdout'>

/** Reads the global flags: a flag before its variable before the default. Throws UsageError, one line for each fault. */
export function readGlobals(options: Readonly<Record<string, unknown>>, { env, stdout }: Needs): Globals {
  const faults: string[] = []
  const check = <T>(value: T | undefined, fault: string, instead: T): T => {
    if (value === undefined) faults.push(fault)
    return value ?? instead
  }
  const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined)
  const apiKey = text('apiKey') || env.HALLPASS_API_KEY || env.STRADDLE_API_KEY
  const baseUrl = text('baseUrl') ?? (env.HALLPASS_BASE_URL || env.STRADDLE_BASE_URL || defaultBaseUrl)
  const globals = {
    apiKey: apiKey ? check(apiKeyOf(apiKey), apiKeyFault, '') : undefined,
    apiKeyByFlag: Boolean(text('apiKey')),
    baseUrl: check(baseUrlOf(baseUrl), baseUrlFault, ''),
    format: check(formatOf(text('format')), `--format ${formatFault}`, 'auto'),
    formatError: check(formatOf(text('formatError')), `--format-error ${formatFault}`, 'auto'),
    transform: text('transform'),
    transformError: text('transformError'),
    debug: options.debug === true,
    timeoutSeconds: check(secondsOf(text('timeout')), timeoutFault, 0),
    colour: stdout.isTTY && options.color !== false && !env.NO_COLOR && env.TERM !== 'dumb',
  }
  if (faults.length > 0) throw new UsageError(...faults)
  return globals
}

const apiKeyFault = '--api-key (HALLPASS_API_KEY) must be 1 to 200 printable ASCII characters, no space at either end'
const baseUrlFault =
  '--base-url (HALLPASS_BASE_URL) must be an http or https URL without credentials, query or fragment'
const formatFault = `must be one of ${formats.join(', ')}`
const timeoutFault = `--timeout must be a number of seconds above 0 and at most ${maxTimeoutSeconds}`

/** Any imported key is let through (wire 0); what HTTP could not carry is not. */
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
