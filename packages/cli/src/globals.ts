import type { Command } from 'commander'
import { addFlag } from './flags/add-flag.js'

/** How an answer can be laid out. */
export const formats = ['auto', 'json', 'jsonl', 'pretty', 'raw', 'yaml'] as const
export type Format = (typeof formats)[number]

/** What holds for every command, once checked. */
export interface Globals {
  readonly apiKey: string | undefined
  /** The key stands in the command line, where others on the machine can read it. */
  readonly apiKeyByFlag: boolean
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly format: Format
  readonly formatError: Format
  readonly transform: string | undefined
  readonly transformError: string | undefined
  readonly debug: boolean
  readonly timeoutSeconds: number
  readonly colour: boolean
}

export const defaultBaseUrl = 'http://127.0.0.1:8787'
export const defaultTimeoutSeconds = 60

/** Declares the global flags; they may stand before or after the command. */
export function addGlobalFlags(program: Command): void {
  const add = (flags: string, description: string, values?: readonly string[]) =>
    addFlag(program, { flags, description, ...(values && { values }) })
  add('--api-key <key>', 'The secret key (env HALLPASS_API_KEY, then STRADDLE_API_KEY).')
  add('--base-url <url>', `Where the service is (env HALLPASS_BASE_URL, then STRADDLE_BASE_URL; ${defaultBaseUrl}).`)
  add('--format <format>', 'How an answer is printed: auto is pretty on a terminal, otherwise json.', formats)
  add('--format-error <format>', "How a refusal's body is printed.", formats)
  add('--transform <jmespath>', 'Print only what this JMESPath query finds in an answer.')
  add('--transform-error <jmespath>', "Print only what this JMESPath query finds in a refusal's body.")
  add('--debug', 'Show request and answer on stderr, credentials and tokens as <REDACTED>.')
  add('--timeout <seconds>', `How long an answer may take (${defaultTimeoutSeconds}).`)
  add('--no-color', 'No colours, not even on a terminal (env NO_COLOR).')
}
