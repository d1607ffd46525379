import { expect } from 'vitest'
import type { Served } from './child-process.js'

const fresh = { headers: { Connection: 'close' } }

/** Waits until a server has handled a signal: over a new connection, it is not ready. Two signals before that are one. */
export const untilStopping = ({ url }: Served) =>
  expect.poll(async () => (await fetch(`${url}/health/ready`, fresh)).status).toBe(503)
