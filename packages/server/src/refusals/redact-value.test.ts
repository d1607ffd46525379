import { describe, expect, test } from 'vitest'
import { redactValue } from './redact-value.js'

const allowed = ['REVEAL', 'SET_PIN']

describe('redactValue', () => {
  test.each(['reveal', 'Reveal', 'set-pin', 'set pin', 'SETPIN'])(
    '%s: close to an allowed value, shown unchanged',
    (value) => {
      expect(redactValue(value, allowed)).toBe(value)
    },
  )

  test.each(['REVEAL\u0000', 'REVEAL 4111111111111111', 'reveal\n', '\u202ereveal', 'révéal', 'CLOSE'])(
    '%j: shows only its length',
    (value) => {
      expect(redactValue(value, allowed)).toBe(`a text of ${value.length} characters`)
    },
  )
})
