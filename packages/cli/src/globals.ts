import type { Command } from 'commander'
import { addFlag } from './flags/add-flag.js'

/** The output formats. */
export const formats = ['auto', 'json', 'jsonl', 'pretty', 'raw', 'yaml'] as const
export type Format = (typeof formats)[number]

/** The validated global flags. */
export interface Globals {
  readonly apiKey: string | undefined
  /** Whether the key is in the command line, where other users of the machine can see it. */
  readonly apiKeyByFlag: boolean
  /** Without a trailing slash. */
  readonly baseUrl: string
  readonly format: Format
  readonly formatError: Format
  readonly transform: string | undefined
  readonly transformError: string | undefined
  readonly debug: boolean
  readonly timeoutSeconds: number
  readonly color: boolean
}

export const defaultBaseUrl = 'http://127.0.0.1:8787'
export const defaultTimeoutSeconds = 60

/** Declares the global flags. They can be placed before or after the command. */
export function addGlobalFlags(program: Command): void {
  const add = (flags: string, description: string, values?: readonly string[]) =>
    addFlag(program, { flags, description, ...(values && { values }) })
  add('--api-key <key>', 'The secret key (env HALLPASS_API_KEY, then STRADDLE_API_KEY).')
  add('--base-url <url>', `The URL of the service (env HALLPASS_BASE_URL, then STRADDLE_BASE_URL; ${defaultBaseUrl}).`)
  add('--format <format>', 'The output format; auto is pretty on a terminal and json otherwise.', formats)
  add('--format-error <format>', 'The output format of error responses.', formats)
  add('--transform <jmespath>', 'Print only the result of this JMESPath query.')
  add('--transform-error <jmespath>', 'Print only the result of this JMESPath query for error responses.')
  add('--debug', 'Print the request and the response to stderr, with credentials and tokens as <REDACTED>.')
  add('--timeout <seconds>', `How long to wait for the response (${defaultTimeoutSeconds}).`)
  add('--no-color', 'Disable colors (env NO_COLOR).')
}
