import { isSecretName, redacted } from '@hallpass/contracts/core'

const jwt = /\beyJ[\w-]+\.[\w-]*\.[\w-]*/g
/** Shorter texts would match too often by chance. */
const minSecretLength = 6

/** Redacts the secret members of a JSON or form body, and JWTs in any other text. */
export function redactBody(text: string, contentType: string): string {
  if (contentType.startsWith('application/x-www-form-urlencoded')) return redactForm(text)
  try {
    return redactText(JSON.stringify(redactMembers(JSON.parse(text))))
  } catch {
    return redactText(text)
  }
}

/** Redacts everything that looks like a JWT, and the given secrets. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  return secrets
    .filter((secret) => secret.length >= minSecretLength)
    .reduce((clean, secret) => clean.replaceAll(secret, redacted), text)
    .replace(jwt, redacted)
}

/** The values of all secret members, at any depth. */
export function secretsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    isSecretName(name) && typeof member === 'string' ? [member] : secretsOf(member),
  )
}

function redactMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactMembers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isSecretName(name) ? redacted : redactMembers(member)]),
  )
}

function redactForm(text: string): string {
  return [...new URLSearchParams(text)]
    .map(([name, value]) => `${name}=${isSecretName(name) ? redacted : redactText(value)}`)
    .join('&')
}
