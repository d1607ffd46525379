import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ownTimers } from '../testing/own-timers.js'
import { createPortRpc } from './port-rpc.js'

describe('a call over a port', () => {
  const { port1, port2 } = new MessageChannel()
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => {
    vi.useRealTimers()
    port1.close()
    port2.close()
  })

  test('fails with reason network after 30 seconds without a response', async () => {
    const timers = ownTimers(/\/platform\.ts/)
    const asked = createPortRpc(port1, {}).call('embed_ticket')
    expect(timers()).toBe(1)
    const failure = expect(asked).rejects.toMatchObject({ reason: 'network' })
    await vi.advanceTimersByTimeAsync(30_000)
    await failure
    expect(timers()).toBe(0)
  })
})
