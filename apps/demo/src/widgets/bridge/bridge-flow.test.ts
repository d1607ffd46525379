import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PaykeyResponse } from '../../shared/bridge-api.js'
import { type BridgeEvent, nextFlow, start } from './bridge-flow.js'

const institution = { id: 'harbor-federal', name: 'Harbor Federal', accounts: [] }
const opened: BridgeEvent = { type: 'opened', token: 't', opened: { institutions: [institution], expires_at: '' } }
const chose: BridgeEvent = { type: 'chose', institution }
const refused: BridgeEvent = { type: 'refused', refusal: { reason: 'network', message: 'No response.' } }
const ended: BridgeEvent = { type: 'refused', refusal: { reason: 'invalid_token', message: 'No longer valid.' } }
// the flow doesn't read the paykey
const connected: BridgeEvent = { type: 'connected', paykey: {} as PaykeyResponse }
const others = [chose, refused, ended, connected, { type: 'wants-to-type' }, { type: 'went-back' }] as const

const walk = (...events: readonly BridgeEvent[]) => events.reduce(nextFlow, start)

describe('the flow of the bridge widget', () => {
  test('goes from choosing a bank to consent to the result', () => {
    expect([opened, chose, connected].map((_, i, all) => walk(...all.slice(0, i + 1)).at)).toEqual([
      'choosing',
      'consenting',
      'done',
    ])
  })

  test('shows an error on the current screen, and ends if the token is invalid', () => {
    expect(walk(opened, chose, refused)).toMatchObject({ at: 'consenting', refusal: { reason: 'network' } })
    expect(walk(opened, { type: 'wants-to-type' }, refused)).toMatchObject({ at: 'typing' })
    expect(walk(opened, chose, ended)).toMatchObject({ at: 'failed' })
  })

  test('starts over after a rejection', () => {
    expect(walk(opened, chose, connected, { type: 'went-back' }).at).toBe('choosing')
  })

  test('never shows a bank before the token has been verified', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...others)), (events) => {
        expect(['connecting', 'failed']).toContain(walk(...events).at)
      }),
    )
  })

  test('never reaches a result without a bank or account details', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(opened, refused, ended, connected, { type: 'went-back' } as const)),
        (events) => {
          expect(walk(...events).at).not.toBe('done')
        },
      ),
    )
  })
})
