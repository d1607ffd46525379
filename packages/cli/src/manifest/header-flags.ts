import {
  describeSandboxFaults,
  isHttpOrigin,
  type Operation,
  parseSandboxFault,
  requestHeaders,
  sandboxFaultsOf,
  tracingIdPattern,
  uuidPattern,
} from '@hallpass/contracts'
import { fieldsOf } from './fields.js'

/** A request header that is given by a flag. */
export interface HeaderFlag {
  /** Without the dashes. */
  readonly flag: string
  readonly header: string
  readonly placeholder: string
  readonly description: string
  /** What is wrong with a value, or undefined. */
  readonly faultOf: (value: string) => string | undefined
}

const tracingFault = (value: string) =>
  tracingIdPattern.test(value) ? undefined : 'must be 1 to 200 characters without control characters'

const correlationId: HeaderFlag = {
  flag: 'correlation-id',
  header: requestHeaders.correlationId,
  placeholder: 'text',
  description: 'Optional client generated identifier to trace and debug a series of requests.',
  faultOf: tracingFault,
}
const requestId: HeaderFlag = {
  flag: 'request-id',
  header: requestHeaders.requestId,
  placeholder: 'text',
  description: 'Optional client generated identifier to trace and debug a request.',
  faultOf: tracingFault,
}
const accountId: HeaderFlag = {
  flag: 'straddle-account-id',
  header: requestHeaders.accountId,
  placeholder: 'uuid',
  description: 'For use by platforms to specify an account id and set scope of a request.',
  faultOf: (value) => (uuidPattern.test(value) ? undefined : 'must be a UUID'),
}
const origin: HeaderFlag = {
  flag: 'origin',
  header: requestHeaders.origin,
  placeholder: 'origin',
  description: 'The origin of the page that calls; it must be on the allowlist of the client key.',
  faultOf: (value) =>
    isHttpOrigin(value) ? undefined : 'must be an origin such as https://shop.example, without a path',
}

/** The header flags of an operation, in the order of their names; a field of the same name goes before. */
export function headerFlagsOf(operation: Operation): HeaderFlag[] {
  const { idempotency, calledFrom } = operation
  const taken = new Set(fieldsOf(operation).map(({ flag }) => flag))
  const idempotencyKey = idempotency && {
    flag: 'idempotency-key',
    header: requestHeaders.idempotencyKey,
    placeholder: 'text',
    description: `Optional client generated value to use for idempotent requests: ${idempotency.keyDescription}.`,
    faultOf: (value: string) =>
      idempotency.keyPattern.test(value) ? undefined : `must be ${lengthOf(idempotency.keyDescription)}`,
  }
  const sandboxFault = {
    flag: 'hallpass-sandbox-fault',
    header: requestHeaders.sandboxFault,
    placeholder: 'fault',
    description: `Sandbox accounts only: acts a failure out. One of: ${describeSandboxFaults(operation)}.`,
    faultOf: (value: string) => {
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

/** The header flags of a command line. */
interface WrittenHeaders {
  readonly headers: readonly { readonly of: Pick<HeaderFlag, 'flag'>; readonly read: () => unknown }[]
}

/** The request headers that flags ask for, and a line for each that the service would refuse. */
export function readHeaders(
  operation: Operation,
  { headers: flags }: WrittenHeaders,
): { readonly headers: Readonly<Record<string, string>>; readonly faults: readonly string[] } {
  const given = headerFlagsOf(operation).flatMap((one) => {
    const value = flags.find(({ of }) => of.flag === one.flag)?.read()
    return typeof value === 'string' ? [{ ...one, value }] : []
  })
  return {
    headers: Object.fromEntries(given.map(({ header, value }) => [header, value])),
    faults: given.flatMap(({ flag, value, faultOf }) => {
      const fault = faultOf(value) ?? headerValueFault(value)
      return fault ? [`--${flag} ${fault}`] : []
    }),
  }
}

/** What is wrong with a header's value wherever it goes, or undefined. HTTP would drop or refuse these without a word. */
function headerValueFault(value: string): string | undefined {
  if (value !== value.trim()) return 'must not begin or end with a space'
  return /^[\x20-\x7e\xa0-\xff]*$/.test(value) ? undefined : 'must be Latin-1 text without control characters'
}

/** The first half of a key's description says what it may look like; the second what it is for. */
const lengthOf = (description: string) => description.split(';')[0] ?? description
