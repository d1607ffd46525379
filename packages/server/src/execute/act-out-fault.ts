import {
  describeSandboxFaults,
  type Operation,
  parseSandboxFault,
  requestHeaders,
  type SandboxFault,
  sandboxFaultsOf,
} from '@hallpass/contracts'
import { HallpassError } from '../errors.js'
import type { Account } from '../store/accounts.js'
import type { RequestHeaders } from './call.js'
import { rateLimited, unavailable } from './common-refusals.js'
import { singleHeader } from './request-headers.js'
import type { Rule } from './rule.js'
import type { Services } from './services.js'

/** The failure that a call asks for, by `Hallpass-Sandbox-Fault`; an operation takes only those that it can have. */
export function readSandboxFault(operation: Operation, headers: RequestHeaders): SandboxFault | undefined {
  const text = singleHeader(headers, requestHeaders.sandboxFault)
  if (text === undefined) return undefined
  const fault = parseSandboxFault(text)
  if (fault && sandboxFaultsOf(operation).includes(fault.kind)) return fault
  throw refused(`The ${requestHeaders.sandboxFault} header must be one of: ${describeSandboxFaults(operation)}.`)
}

/** A production account never fails on demand; that its request is refused says so sooner than silence would. */
export function requireSandbox(account: Pick<Account, 'environment'> | undefined): void {
  if (account?.environment === 'sandbox') return
  throw refused(`The ${requestHeaders.sandboxFault} header is for sandbox accounts only.`)
}

/**
 * Acts a fault out before anything is done: refuses as the operation would, waits, or gives the services by which what is
 * minted ends sooner. Nothing is spent or changed by a fault.
 */
export async function actOutFault(
  services: Services,
  rule: Pick<Rule<never, never, unknown>, 'asIf'>,
  fault: SandboxFault,
): Promise<Services> {
  switch (fault.kind) {
    case 'rate_limited':
      throw rateLimited(1, { explain: () => explained(fault.kind) })
    case 'unavailable':
      throw unavailable({ explain: () => explained(fault.kind) })
    case 'slow':
      await services.pause(fault.milliseconds)
      return services
    case 'expire_in':
      return endingIn(services, fault.seconds)
    default:
      // an operation that names the fault has words for it: a test holds the two together
      throw rule.asIf?.[fault.kind]() ?? refused('This operation does not have that fault.')
  }
}

function endingIn(services: Services, seconds: number): Services {
  const lifetime = (standardSeconds: number) => Math.min(standardSeconds, seconds)
  return { ...services, lifetime, sign: (kind, claims) => services.sign(kind, claims, lifetime) }
}

const explained = (kind: string) => ({
  rule: `The request asked to be refused, by ${requestHeaders.sandboxFault}.`,
  seen: kind,
  fix: `Leave the ${requestHeaders.sandboxFault} header out.`,
})

const refused = (detail: string) => new HallpassError('invalid_header', detail, { items: [{ detail }] })
