import type { Operation, OperationId } from '@hallpass/contracts'
import { acme, child, rival } from '../fixtures/fixture.js'
import { bearer, type TestServer } from '../servers/in-process-server.js'
import { type ParityCase, set, unknownId, without } from './parity-case.js'
import { parityKeys, validInputs } from './parity-inputs.js'
import { ownCases } from './parity-own-cases.js'

/** The headers of an authorized caller of an operation. */
export const callerHeaders = ({ caller }: Operation): Record<string, string> =>
  caller.by === 'secret_key' ? bearer(parityKeys.all) : { Origin: acme.origin }

/** Every case of an operation: a success, each general refusal that applies to it, and its own cases. */
export const casesOf = (operation: Operation): readonly ParityCase[] => [
  { what: 'a valid call', expected: 200 },
  ...tracing,
  ...(operation.caller.by === 'secret_key' ? backend(operation) : page(operation)),
  ...(operation.body === 'json' ? jsonBody(operation) : []),
  ...(operation.idempotency
    ? [
        {
          what: 'an Idempotency-Key that is too long',
          expected: 'invalid_header',
          headers: { 'Idempotency-Key': 'k'.repeat(256) },
        } as const,
      ]
    : []),
  ...(ownCases[operation.id as OperationId] ?? []),
]

const tracing: readonly ParityCase[] = [
  { what: 'a Request-Id that is too long', expected: 'invalid_header', headers: { 'Request-Id': 'r'.repeat(201) } },
  {
    what: 'a Correlation-Id that is too long',
    expected: 'invalid_header',
    headers: { 'Correlation-Id': 'c'.repeat(201) },
  },
  {
    what: 'free text as Request-Id',
    expected: 200,
    headers: { 'Request-Id': 'correlationId', 'Correlation-Id': 'a b' },
  },
]

function backend({ id, caller }: Operation): ParityCase[] {
  const isAccount = id.startsWith('admin.') || id.startsWith('tokens.')
  const wrongKey = id === 'bridge.initialize' ? acme.keyWithoutScopes : parityKeys.bridgeOnly
  const as = (key: string) => ({ Authorization: `Bearer ${key}` })
  return [
    { what: 'no credential', expected: 'unauthenticated', headers: { Authorization: undefined } },
    { what: 'an unknown key', expected: 'unauthenticated', headers: as('sk_test_unknown') },
    { what: 'a disabled key', expected: 'unauthenticated', headers: as(acme.disabledKey) },
    { what: 'another scheme', expected: 'unauthenticated', headers: { Authorization: `Basic ${parityKeys.all}` } },
    {
      what: 'a key without the scope',
      expected: caller.by === 'secret_key' && caller.scope === 'any' ? 200 : 'insufficient_scope',
      headers: as(wrongKey),
    },
    { what: 'a foreign account', expected: 'not_found', headers: { 'Straddle-Account-Id': rival.account } },
    { what: 'an unknown account', expected: 'not_found', headers: { 'Straddle-Account-Id': unknownId } },
    { what: 'an account id that is no UUID', expected: 'invalid_header', headers: { 'Straddle-Account-Id': 'acme' } },
    { what: "the key's own account", expected: 200, headers: { 'Straddle-Account-Id': acme.account } },
    ...(isAccount
      ? []
      : [
          {
            what: 'a child account without this record',
            expected: 'refused',
            headers: { 'Straddle-Account-Id': child.account },
          } as const,
        ]),
  ]
}

function page(operation: Operation): ParityCase[] {
  const [names = []] = operation.required ?? []
  const name = names[0] ?? ''
  const wrong = operation.caller.by === 'client_key' ? 'origin_not_allowed' : 'invalid_token'
  return [
    { what: `no ${name}`, expected: 'missing_field', change: without(name) },
    { what: `an empty ${name}`, expected: 'missing_field', change: set({ [name]: '' }) },
    { what: `an unknown ${name}`, expected: wrong, change: set({ [name]: 'pk_test_unknown' }) },
    {
      what: 'an origin that is not in the allowlist',
      expected: 'origin_not_allowed',
      headers: { Origin: 'https://attacker.example' },
    },
    { what: 'the origin null', expected: 'origin_not_allowed', headers: { Origin: 'null' } },
    ...(wrong === 'origin_not_allowed'
      ? ([{ what: 'no origin', expected: wrong, headers: { Origin: undefined } }] as const)
      : ([{ what: 'no origin', expected: 200, headers: { Origin: undefined } }] as const)),
  ]
}

function jsonBody({ required, pathFields, dialect }: Operation): ParityCase[] {
  const shapeless = required ? 'missing_field' : 'validation_failed'
  return [
    { what: 'malformed JSON', expected: 'malformed_request', body: '{"client_key":' },
    { what: 'a body that is an array', expected: shapeless, body: '[]' },
    { what: 'a body that is null', expected: shapeless, body: 'null' },
    { what: 'a body that is a string', expected: shapeless, body: '"text"' },
    ...(pathFields ? [] : ([{ what: 'an empty body', expected: 'malformed_request', body: '' }] as const)),
    { what: 'an unknown field', expected: 'validation_failed', change: set({ colour: 'blue' }) },
    { what: 'a field called constructor', expected: 'validation_failed', change: set({ constructor: {} }) },
    ...(dialect === 'text'
      ? []
      : ([
          { what: 'NUL in an unknown field’s name', expected: 'validation_failed', change: set({ '\u0000': 1 }) },
        ] as const)),
  ]
}

/** The input of a case, created for each call. */
export async function inputOf(
  server: TestServer,
  operation: Operation,
  { change }: ParityCase,
): Promise<Record<string, unknown>> {
  const valid = await validInputs[operation.id as OperationId]?.(server)
  if (!valid) throw new Error(`${operation.id} has no input in the table of the parity test`)
  return { ...(change ? await change(valid, server) : valid) }
}

/** The headers of a case. */
export function headersOf(operation: Operation, { headers = {} }: ParityCase): Record<string, string> {
  const entries = Object.entries({ ...callerHeaders(operation), ...headers })
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
