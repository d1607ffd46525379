import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plantedFaults } from './support/token-model/planted-faults.js'
import { type Real, startReal } from './support/token-model/real-server.js'
import { introspectAlike, tokenCommands } from './support/token-model/token-commands.js'
import { mintSome } from './support/token-model/token-mints.js'
import { newModel } from './support/token-model/token-model.js'

const { HALLPASS_MODEL_RUNS: longer } = process.env
/** `npm run test:chaos` does 1000. Both use new random values each time. */
const runs = Number(longer ?? 20)
/** `npm test` looks for injected faults with values that find each of them early. Other values may take a minute. */
const seed = longer === undefined ? { seed: 3 } : {}
// the injected faults get up to 1000 runs either way
const timeoutMilliseconds = 60_000 + Math.max(runs, 1000) * 200

/** For any commands in any order at any time, the server and the model agree about every token. */
const agreement = (real: () => Real) =>
  fc.asyncProperty(tokenCommands, async (commands) => {
    await begin(real())
    const model = newModel(real().clock.now())
    await mintSome(model, real())
    await fc.asyncModelRun(() => ({ model, real: real() }), commands)
    for (const token of model.tokens) await introspectAlike(token, model, real())
  })

/** The same server is used in all runs. Each begins in a new millisecond with working keys. */
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
    timeoutMilliseconds,
  )
})

describe('the property detects an injected fault', () => {
  test.each(Object.entries(plantedFaults))(
    '%s',
    async (_, wrap) => {
      const real = await startReal(wrap)
      const result = await fc.check(
        agreement(() => real),
        { numRuns: 1000, endOnFailure: true, ...seed },
      )
      await real.stop()
      expect(result.failed, `not caught in ${result.numRuns} runs`).toBe(true)
      // the comparison failed, not the server
      expect(result.errorInstance).toHaveProperty('name', 'AssertionError')
      expect(String(result.errorInstance)).not.toContain('500')
    },
    timeoutMilliseconds,
  )
})
