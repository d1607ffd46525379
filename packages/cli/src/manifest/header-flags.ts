import {
  describeSandboxFaults,
  isPageOrigin,
  type Operation,
  parseSandboxFault,
  requestHeaders,
  sandboxFaultsOf,
  tracingIdPattern,
  uuidPattern,
} from '@hallpass/contracts'
import { fieldsOf } from './fields.js'

/** A request header that a flag sets. */
export interface HeaderFlag {
  /** Without the dashes. */
  readonly flag: string
  readonly header: string
  readonly placeholder: string
  readonly description: string
  /** Returns what is wrong with a value, or undefined. */
  readonly issueOf: (value: string) => string | undefined
}

const tracingIssue = (value: string) =>
  tracingIdPattern.test(value) ? undefined : 'must be 1 to 200 characters without control characters'

const correlationId: HeaderFlag = {
  flag: 'correlation-id',
  header: requestHeaders.correlationId,
  placeholder: 'text',
  description: 'Optional client generated identifier to trace and debug a series of requests.',
  issueOf: tracingIssue,
}
const requestId: HeaderFlag = {
  flag: 'request-id',
  header: requestHeaders.requestId,
  placeholder: 'text',
  description: 'Optional client generated identifier to trace and debug a request.',
  issueOf: tracingIssue,
}
const accountId: HeaderFlag = {
  flag: 'straddle-account-id',
  header: requestHeaders.accountId,
  placeholder: 'uuid',
  description: 'For use by platforms to specify an account id and set scope of a request.',
  issueOf: (value) => (uuidPattern.test(value) ? undefined : 'must be a UUID'),
}
const origin: HeaderFlag = {
  flag: 'origin',
  header: requestHeaders.origin,
  placeholder: 'origin',
  description: 'The origin of the calling page. It must be on the allowlist of the client key.',
  issueOf: (value) =>
    isPageOrigin(value) ? undefined : 'must be an origin such as https://shop.example, without a path',
}

/** The header flags of an operation, in alphabetical order. A field with the same name takes precedence. */
export function headerFlagsOf(operation: Operation): HeaderFlag[] {
  const { idempotency, calledFrom } = operation
  const taken = new Set(fieldsOf(operation).map(({ flag }) => flag))
  const idempotencyKey = idempotency && {
    flag: 'idempotency-key',
    header: requestHeaders.idempotencyKey,
    placeholder: 'text',
    description: `Optional client generated value to use for idempotent requests: ${idempotency.keyDescription}.`,
    issueOf: (value: string) =>
      idempotency.keyPattern.test(value) ? undefined : `must be ${formatOf(idempotency.keyDescription)}`,
  }
  const sandboxFault = {
    flag: 'hallpass-sandbox-fault',
    header: requestHeaders.sandboxFault,
    placeholder: 'fault',
    description: `Sandbox accounts only: simulates a failure. One of: ${describeSandboxFaults(operation)}.`,
    issueOf: (value: string) => {
      const fault = parseSandboxFault(value)
      const isKnown = fault !== undefined && sandboxFaultsOf(operation).includes(fault.kind)
      return isKnown ? undefined : `must be one of ${describeSandboxFaults(operation)}`
    },
  }
  const all = [
    correlationId,
    sandboxFault,
    ...(idempotencyKey ? [idempotencyKey] : []),
    ...(calledFrom === 'page' ? [origin] : []),
    requestId,
    ...(calledFrom === 'backend' ? [accountId] : []),
  ]
  return all.filter(({ flag }) => !taken.has(flag))
}

/** The header flags that were given. */
interface WrittenHeaders {
  readonly headers: readonly { readonly of: Pick<HeaderFlag, 'flag'>; readonly read: () => unknown }[]
}

/** Reads the header flags. Returns the request headers and a line for each invalid value. */
export function readHeaders(
  operation: Operation,
  { headers: flags }: WrittenHeaders,
): { readonly headers: Readonly<Record<string, string>>; readonly issues: readonly string[] } {
  const given = headerFlagsOf(operation).flatMap((one) => {
    const value = flags.find(({ of }) => of.flag === one.flag)?.read()
    return typeof value === 'string' ? [{ ...one, value }] : []
  })
  return {
    headers: Object.fromEntries(given.map(({ header, value }) => [header, value])),
    issues: given.flatMap(({ flag, value, issueOf }) => {
      const issue = issueOf(value) ?? headerValueIssue(value)
      return issue ? [`--${flag} ${issue}.`] : []
    }),
  }
}

/** Returns what is wrong with any header's value, or undefined. HTTP would silently trim or reject these values. */
function headerValueIssue(value: string): string | undefined {
  if (value !== value.trim()) return 'must not begin or end with a space'
  return /^[\x20-\x7e\xa0-\xff]*$/.test(value) ? undefined : 'must be Latin-1 text without control characters'
}

/** The part of a key's description before the semicolon is its format. */
const formatOf = (description: string) => description.split(';')[0] ?? description
