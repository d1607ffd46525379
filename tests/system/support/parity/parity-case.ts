import type { Reason } from '@hallpass/contracts'
import type { TestServer } from '../servers/in-process-server.js'

/** One call of one operation, and what is decided about it at every door. */
export interface ParityCase {
  readonly what: string
  /** 200, the reason it is refused for, or `refused` where both doors only have to agree. */
  readonly expected: 200 | Reason | 'refused'
  /** Added to the headers of a caller who may do this; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Changes a valid input. */
  readonly change?: (input: Readonly<Record<string, unknown>>, server: TestServer) => object | Promise<object>
  /** The body as it is sent, in place of an input. */
  readonly body?: string
}

/** The id of nothing. */
export const unknownId = '00000000-0000-4000-8000-000000000000'
/** Sets fields of an input. */
export const set = (fields: object) => (input: object) => ({ ...input, ...fields })
/** Takes a field out of an input. */
export const without = (name: string) => (input: object) =>
  Object.fromEntries(Object.entries(input).filter(([key]) => key !== name))
