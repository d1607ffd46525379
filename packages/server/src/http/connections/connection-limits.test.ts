import { describe, expect, test } from 'vitest'
import { affordableConnections, connectionLimits } from './connection-limits.js'

describe('the limits of a server', () => {
  test('10 s for headers, 20 s for bodies, about 15 s for unread responses', () => {
    const { headersTimeout, requestTimeout, unreadTimeout, checkInterval } = connectionLimits
    expect(headersTimeout + checkInterval).toBeLessThanOrEqual(10_000)
    expect(requestTimeout + checkInterval).toBeLessThanOrEqual(20_000)
    expect(headersTimeout).toBeLessThanOrEqual(requestTimeout)
    expect(unreadTimeout + checkInterval).toBeLessThanOrEqual(16_000)
    expect(connectionLimits.keepAliveTimeout).toBeGreaterThanOrEqual(60_000)
  })

  test('the number of connections depends on the allowed open files and on the heap', () => {
    const gigabyte = 1024 ** 3
    expect(affordableConnections(1_024, gigabyte).connections).toBe(960)
    expect(affordableConnections(1_000_000, gigabyte / 4).connections).toBe(8_192)
    expect(affordableConnections(Number.POSITIVE_INFINITY, gigabyte).connections).toBe(32_768)
    expect(affordableConnections(64, gigabyte).connections).toBe(16)
    expect(affordableConnections().openFiles).toBeGreaterThan(0)
  })
})
