/*
 * Prints random walks of a model as JSON: the calls of each. `quint run --out-itf` writes every variable of every state,
 * which takes as long as the walks.
 */
import { join } from 'node:path'
import * as quint from '@informalsystems/quint/dist/src/cliCommands.js'
import { toExpr } from '@informalsystems/quint/dist/src/cliHelpers.js'
import { newRng } from '@informalsystems/quint/dist/src/rng.js'
import { Evaluator } from '@informalsystems/quint/dist/src/runtime/impl/evaluator.js'
import { noExecutionListener } from '@informalsystems/quint/dist/src/runtime/trace.js'

const [step, seed, walks, length] = process.argv.slice(2)
const input = join(import.meta.dirname, '../hallpass.qnt')

const orThrow = (result) => {
  if (result.isLeft()) throw new Error(JSON.stringify(result.value.msg ?? result.value))
  return result.value
}
const args = { input, main: 'hallpass' }
const model = orThrow(await quint.typecheck(orThrow(await quint.parse(orThrow(await quint.load(args))))))

const found = []
const recorder = {
  ...noExecutionListener,
  bestTraces: [],
  onRunReturn: (_, states) => void found.push(states.slice(1).map(callOf)),
}
const evaluator = new Evaluator(model.table, recorder, newRng(BigInt(seed)))
const action = (name) => orThrow(toExpr(model, name))
const outcome = evaluator.simulate(action('init'), action(step), action('true'), [], Number(walks), Number(length), 1)
if (outcome.status !== 'ok') throw new Error(JSON.stringify(outcome.errors))
process.stdout.write(JSON.stringify(found))

/** The call that led to a state. */
function callOf(state) {
  const call = state.toOrderedMap().get('last').toOrderedMap()
  return [
    call.get('op').toStr(),
    call.get('about').toStr(),
    Number(call.get('a').toInt()),
    Number(call.get('b').toInt()),
    call.get('reply').toStr(),
  ]
}
