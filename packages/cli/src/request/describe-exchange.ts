import { isSecretName, redacted } from '@hallpass/contracts/core'
import { redactBody, redactText } from './redact.js'
import type { Answer, Outgoing } from './send-request.js'

/** Formats a request for --debug. Each line starts with `>`. */
export function describeRequest({ method, url, headers, body }: Outgoing, secrets: readonly string[]): string {
  const type = headers['Content-Type'] ?? ''
  return lines(
    '>',
    [`${method} ${url}`, ...headerLines(Object.entries(headers)), ...bodyLines(body ?? '', type)],
    secrets,
  )
}

/** Formats a response for --debug. Each line starts with `<`. */
export function describeAnswer({ status, statusText, headers, text }: Answer, secrets: readonly string[]): string {
  const type = headers.get('content-type') ?? ''
  return lines('<', [`${status} ${statusText}`, ...headerLines([...headers]), ...bodyLines(text, type)], secrets)
}

function headerLines(headers: readonly (readonly [string, string])[]): string[] {
  return headers.map(([name, value]) => `${name}: ${isSecretName(name) ? redactCredential(value) : value}`)
}

/** Keeps the scheme, which isn't secret. */
function redactCredential(value: string): string {
  return value.startsWith('Bearer ') ? `Bearer ${redacted}` : redacted
}

const bodyLines = (body: string, type: string) => (body === '' ? [] : ['', ...redactBody(body, type).split('\n')])

function lines(mark: string, content: readonly string[], secrets: readonly string[]): string {
  return content.map((line) => `${mark} ${redactText(line, secrets)}`.trimEnd().concat('\n')).join('')
}
