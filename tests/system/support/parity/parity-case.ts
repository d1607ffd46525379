import type { Reason } from '@hallpass/contracts'
import type { TestServer } from '../servers/in-process-server.js'

/** One call of one operation, and its expected outcome over every transport. */
export interface ParityCase {
  readonly what: string
  /** 200, the reason of the refusal, or `refused` if both transports only have to agree. */
  readonly expected: 200 | Reason | 'refused'
  /** Added to the headers of an authorized caller. Undefined removes a header. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Changes a valid input. */
  readonly change?: (input: Readonly<Record<string, unknown>>, server: TestServer) => object | Promise<object>
  /** The body to send, instead of an input. */
  readonly body?: string
}

/** An id that doesn't exist. */
export const unknownId = '00000000-0000-4000-8000-000000000000'
/** Sets fields of an input. */
export const set = (fields: object) => (input: object) => ({ ...input, ...fields })
/** Removes a field from an input. */
export const without = (name: string) => (input: object) =>
  Object.fromEntries(Object.entries(input).filter(([key]) => key !== name))
