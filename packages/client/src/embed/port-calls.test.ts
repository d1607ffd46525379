import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { talkOver } from './port-calls.js'

describe('a question over a port', () => {
  const { port1, port2 } = new MessageChannel()
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => {
    vi.useRealTimers()
    port1.close()
    port2.close()
  })

  test('that nobody answers within 30 seconds has failed', async () => {
    const asked = talkOver(port1, {}).ask('embed_ticket')
    const failure = expect(asked).rejects.toMatchObject({ reason: 'network' })
    await vi.advanceTimersByTimeAsync(30_000)
    await failure
    expect(vi.getTimerCount()).toBe(0)
  })
})
