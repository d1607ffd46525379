import { type RawRequest, rawRequest, sendRaw } from './raw-http.js'

/** The cost of a request, measured in this process, which is both client and server. */
export interface Cost {
  /** Milliseconds of CPU time, in user and system mode. */
  readonly cpu: number
  /** Bytes that were allocated in the heap and in buffers. NaN if a garbage collection ran meanwhile. */
  readonly memory: number
}

/** The minimum of several measurements, because other load on the machine only adds to them. */
export class LeastCost {
  #cpu = Number.POSITIVE_INFINITY
  #memory = Number.POSITIVE_INFINITY
  readonly #serverUrl: string
  readonly #request: RawRequest

  constructor(serverUrl: string, request: RawRequest) {
    this.#serverUrl = serverUrl
    this.#request = request
  }

  get cpu(): number {
    return this.#cpu
  }

  /** Any measurement is better than none. */
  get memory(): number {
    return this.#memory === Number.POSITIVE_INFINITY ? 0 : this.#memory
  }

  get bytes(): number {
    return rawRequest(this.#request).length
  }

  async measure(times = 1): Promise<this> {
    for (let i = 0; i < times; i++) {
      const { cpu, memory } = await measureOnce(this.#serverUrl, this.#request)
      this.#cpu = Math.min(this.#cpu, cpu)
      if (!Number.isNaN(memory)) this.#memory = Math.min(this.#memory, memory)
    }
    return this
  }
}

async function measureOnce(serverUrl: string, request: RawRequest): Promise<Cost> {
  const used = usedBytes()
  const start = process.cpuUsage()
  await sendRaw(serverUrl, request)
  const { user, system } = process.cpuUsage(start)
  const memory = usedBytes() - used
  return { cpu: (user + system) / 1000, memory: memory < 0 ? Number.NaN : memory }
}

function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Milliseconds of CPU time that this machine needs for 65,000 bytes of JSON with thousands of names. */
export function measureYardstick(): number {
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: 6500 }, (_, i) => [`n${i}`, 1])))
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 10; i++) {
    const start = process.cpuUsage()
    for (let j = 0; j < 4; j++) JSON.parse(text)
    const { user, system } = process.cpuUsage(start)
    least = Math.min(least, (user + system) / 4000)
  }
  return least
}
