import { describe, expect, test } from 'vitest'
import { messages } from './error-messages.js'

/** Each message as a text. A function gets a placeholder for each of its parameters. */
const texts = Object.entries(messages).map(([name, message]) => {
  // the parameters are strings and numbers that the message only contains
  const fill = message as (...values: string[]) => string
  return [name, typeof message === 'string' ? message : fill('x', 'y', 'z')] as const
})

describe('the messages of errors', () => {
  test.each(texts)('%s is a sentence', (_, text) => {
    expect(text).toMatch(/^(?:[A-Z]|x |client_key |sandbox_outcome ).*\.$/)
  })

  test('each situation has its own message', () => {
    expect(new Set(texts.map(([, text]) => text)).size).toBe(texts.length)
  })
})
