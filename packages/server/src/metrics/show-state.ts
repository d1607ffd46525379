import { Gauge, type Registry } from 'prom-client'
import type { ServerState } from './server-state.js'
import { createPolledCounter } from './tallied-counter.js'

/** Gauges and counters whose values are read only when a collector asks, so that calls pay nothing for them. */
export function showState(registry: Registry, read: () => ServerState | undefined): void {
  const registers = [registry]
  new Gauge({
    name: 'hallpass_build_info',
    help: 'Always 1. The labels are the version of Hallpass, that of Node, and the kind of database',
    labelNames: ['version', 'node', 'database'],
    aggregator: 'max',
    registers,
    collect() {
      const state = read()
      if (state) this.set({ version: state.version, node: process.version, database: state.database }, 1)
    },
  })
  showPool(registry, () => read()?.pool)
  showCaches(registry, () => read()?.caches)
  showKeys(registry, read)
}

function showPool(registry: Registry, read: () => ServerState['pool']): void {
  const registers = [registry]
  new Gauge({
    name: 'hallpass_database_connections',
    help: 'Connections to PostgreSQL, by state',
    labelNames: ['state'],
    registers,
    collect() {
      const pool = read()
      if (!pool) return
      this.set({ state: 'in_use' }, pool.total - pool.idle)
      this.set({ state: 'idle' }, pool.idle)
    },
  })
  new Gauge({
    name: 'hallpass_database_connections_max',
    help: 'The most connections to PostgreSQL that are opened',
    registers,
    collect() {
      const pool = read()
      if (pool) this.set(pool.max)
      else this.remove()
    },
  })
  new Gauge({
    name: 'hallpass_database_connections_waiting',
    help: 'Calls that wait for a connection to PostgreSQL',
    registers,
    collect() {
      const pool = read()
      if (pool) this.set(pool.waiting)
      else this.remove()
    },
  })
}

function showCaches(registry: Registry, read: () => ServerState['caches'] | undefined): void {
  createPolledCounter(registry, {
    name: 'hallpass_cache_requests_total',
    help: 'Look-ups in caches, by result',
    labelNames: ['cache', 'result'],
    read: () =>
      Object.entries(read() ?? {}).flatMap(([cache, { hits, misses }]) => [
        { labels: { cache, result: 'hit' }, count: hits },
        { labels: { cache, result: 'miss' }, count: misses },
      ]),
  })
  new Gauge({
    name: 'hallpass_cache_entries',
    help: 'Entries in caches',
    labelNames: ['cache'],
    registers: [registry],
    collect() {
      for (const [cache, { entries }] of Object.entries(read() ?? {})) this.set({ cache }, entries)
    },
  })
}

/** Times instead of ages, so that a collector that was away computes the right age. Of several workers, the oldest. */
function showKeys(registry: Registry, read: () => ServerState | undefined): void {
  const registers = [registry]
  new Gauge({
    aggregator: 'min',
    registers,
    name: 'hallpass_signing_key_activated_timestamp_seconds',
    help: 'Since when the oldest active signing key has signed, by algorithm',
    labelNames: ['alg'],
    collect() {
      this.reset()
      const active = read()?.signingKeys.filter(({ state }) => state === 'active') ?? []
      for (const { alg } of active) {
        const times = active.filter((key) => key.alg === alg).map(({ activates_at }) => activates_at)
        this.set({ alg }, Math.min(...times) / 1_000)
      }
    },
  })
  new Gauge({
    aggregator: 'min',
    registers,
    name: 'hallpass_data_key_created_timestamp_seconds',
    help: 'When the data key that seals was made',
    collect() {
      const newest = read()?.dataKeys[0]
      if (newest) this.set(newest.createdAt / 1_000)
      else this.remove()
    },
  })
}
