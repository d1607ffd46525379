import {
  describeSandboxFaults,
  type Operation,
  parseSandboxFault,
  requestHeaders,
  type SandboxFault,
  sandboxFaultsOf,
} from '@hallpass/contracts'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { Allowance } from '../limits/allowance.js'
import type { Account } from '../store/queries/accounts.js'
import type { RequestHeaders } from './call.js'
import { unavailable } from './common-refusals.js'
import { extend } from './extend.js'
import { RateLimited } from './rate-limited.js'
import { singleHeader } from './request-headers.js'
import { handlerOf, type Run } from './run.js'
import type { Services } from './services.js'

const faultHeader = requestHeaders.sandboxFault.toLowerCase()

/** Whether a call requests a failure, which few do. */
export const asksForFault = (headers: RequestHeaders): boolean => headers.count(faultHeader) > 0

/**
 * The failure that a call requests with `Hallpass-Sandbox-Fault`. Each operation accepts only the faults that it can
 * have, and only for a sandbox account. A production account gets an error, because silence would look like a passed
 * test. So does every account of a server with the production profile.
 */
export async function readFault(
  { offersFaults }: Pick<Services, 'offersFaults'>,
  operation: Operation,
  headers: RequestHeaders,
  findAccount: () => Promise<Pick<Account, 'environment'> | undefined>,
): Promise<SandboxFault | undefined> {
  const text = singleHeader(headers, requestHeaders.sandboxFault)
  if (text === undefined) return undefined
  if (!offersFaults) throw refused(messages.faultsOff(requestHeaders.sandboxFault))
  const fault = parseSandboxFault(text)
  if (!fault || !sandboxFaultsOf(operation).includes(fault.kind)) {
    throw refused(messages.unknownFault(requestHeaders.sandboxFault, describeSandboxFaults(operation)))
  }
  const account = await findAccount()
  if (account?.environment === 'sandbox') return fault
  throw refused(messages.faultInProduction(requestHeaders.sandboxFault))
}

/**
 * The services for the rest of the call. A fault refuses as the operation would, waits, or shortens the lifetime of
 * what is minted. It comes before the handler, so it spends and changes nothing.
 */
export async function injectFault(
  services: Services,
  fault: SandboxFault,
  { operation, allowance, postpone }: Pick<Run, 'operation' | 'allowance' | 'postpone'>,
): Promise<Services> {
  switch (fault.kind) {
    case 'rate_limited':
      throw new RateLimited(usedUp(allowance), { retryAfter: 1, explain: () => explained(fault.kind) })
    case 'unavailable':
      throw unavailable({ explain: () => explained(fault.kind) })
    case 'slow': {
      const later = postpone(fault.milliseconds)
      await services.pause(fault.milliseconds)
      return extend(services, later)
    }
    case 'expire_in':
      return endingIn(services, fault.seconds)
    default:
      // an operation that spends tokens has these errors, or does not compile
      throw handlerOf(operation).sandboxErrors?.[fault.kind]() ?? refused(messages.unsupportedFault)
  }
}

/** As the headers would show it after too many calls. */
const usedUp = (allowance: Allowance | undefined): Allowance | undefined =>
  allowance && { ...allowance, allowed: false, remaining: 0, resetSeconds: 1 }

function endingIn(services: Services, seconds: number): Services {
  const lifetime = (standardSeconds: number) => Math.min(standardSeconds, seconds)
  const sign: Services['sign'] = (kind, claims, form) => services.sign(kind, claims, { ...form, lifetime })
  return extend(services, { lifetime, sign })
}

const explained = (kind: string) => ({
  rule: `The request asked for this error with the ${requestHeaders.sandboxFault} header.`,
  seen: kind,
  fix: `Omit the ${requestHeaders.sandboxFault} header.`,
})

const refused = (detail: string) => new HallpassError('invalid_header', detail, { items: [{ detail }] })
