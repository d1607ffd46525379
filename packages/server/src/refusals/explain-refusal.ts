import type { Issue, Reason } from '@hallpass/contracts'
import type { Explanation, HallpassError } from '../errors.js'
import { reasonHelp } from './reason-help.js'
import { redactFieldName, redactValue } from './redact-value.js'

const maxFaults = 5
const maxLength = 500

/** What the refusal log stores about a refusal. */
export interface ExplainedRefusal extends Explanation {
  readonly rule: string
  readonly seen: string | undefined
  readonly fix: string
}

/** Explains a refusal: with its own explanation, or else with the help of its reason. */
export async function explainRefusal(
  error: HallpassError,
  input: (() => unknown) | undefined,
): Promise<ExplainedRefusal> {
  const { rule, fix } = reasonHelp[error.reason]
  const own = await error.details.explain?.()
  return {
    ...own,
    rule: cut(own?.rule ?? rule),
    seen: cut(own?.seen ?? seenOf(error, input)),
    fix: cut(own?.fix ?? fix),
  }
}

/** The invalid fields with their values, or else the message of the response, which never quotes a value. */
function seenOf({ reason, message, details }: HallpassError, input: (() => unknown) | undefined): string {
  const faults = (details.items ?? []).filter(({ reference }) => reference !== undefined)
  if (faults.length === 0) return message
  const value = readInput(reason, input)
  const shown = faults.slice(0, maxFaults).map((fault) => describeIssue(fault, value))
  const more = faults.length > shown.length ? `; and ${faults.length - shown.length} more` : ''
  return shown.join('; ') + more
}

function describeIssue({ reference = '', detail }: Issue, input: unknown): string {
  if (detail === 'is not a known field') return `${redactFieldName(reference)} ${detail}`
  const value = reference.split('.').reduce<unknown>(memberOf, input)
  if (value === undefined) return `${reference} ${detail}`
  return `${reference}: ${redactValue(value, allowedBy(detail))} (${detail})`
}

/** The values that the fault itself lists. */
const allowedBy = (detail: string) => /^must be one of (.*)$/.exec(detail)?.[1]?.split(', ') ?? []

/** Unreadable input has no values to show. */
function readInput(reason: Reason, input: (() => unknown) | undefined): unknown {
  try {
    return reason === 'malformed_request' ? undefined : input?.()
  } catch {
    return undefined
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? // hasOwn has just found it
      (value as Record<string, unknown>)[name]
    : undefined
}

function cut(text: string): string
function cut(text: string | undefined): string | undefined
function cut(text: string | undefined): string | undefined {
  return text !== undefined && text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
}
