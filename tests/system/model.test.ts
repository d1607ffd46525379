import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plantedFaults } from './support/token-model/planted-faults.js'
import { type Real, startReal } from './support/token-model/real-server.js'
import { introspectAlike, tokenCommands } from './support/token-model/token-commands.js'
import { mintSome } from './support/token-model/token-mints.js'
import { newModel } from './support/token-model/token-model.js'

/** `npm run test:chaos` does 1000, from a new seed each time, as here. */
const runs = Number(process.env.HALLPASS_MODEL_RUNS ?? 100)
// the planted faults get up to 1000 runs whatever the number is
const patience = 60_000 + Math.max(runs, 1000) * 200

/** Whatever is done, in whatever order, at whatever time: the server and the model agree about every token. */
const agreement = (real: () => Real) =>
  fc.asyncProperty(tokenCommands, async (commands) => {
    await begin(real())
    const model = newModel(real().clock.now())
    await mintSome(model, real())
    await fc.asyncModelRun(() => ({ model, real: real() }), commands)
    for (const token of model.tokens) await introspectAlike(token, model, real())
  })

/** The same server goes on from run to run; each begins in a new millisecond, with keys that work. */
async function begin(real: Real): Promise<void> {
  real.clock.advance(1)
  await real.asAdmin(real.clientKeyPath, { disabled: false })
  await real.hireWorker()
}

describe('the server and a model of its promises', () => {
  let real: Real
  beforeAll(async () => {
    real = await startReal()
  })
  afterAll(() => real.stop())

  test(
    `agree after any commands (${runs} runs)`,
    async () => {
      await fc.assert(
        agreement(() => real),
        { numRuns: runs },
      )
    },
    patience,
  )
})

describe('the property catches a planted fault', () => {
  test.each(Object.entries(plantedFaults))(
    '%s',
    async (_, wrap) => {
      const real = await startReal(wrap)
      const result = await fc.check(
        agreement(() => real),
        { numRuns: 1000, endOnFailure: true },
      )
      await real.stop()
      expect(result.failed, `not caught in ${result.numRuns} runs`).toBe(true)
      // it was the comparison that failed, not the server that fell over
      expect(result.errorInstance).toHaveProperty('name', 'AssertionError')
      expect(String(result.errorInstance)).not.toContain('500')
    },
    patience,
  )
})
