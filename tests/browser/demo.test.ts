import { afterAll, beforeAll } from 'vitest'
import { type DemoBrowser, startDemoBrowser } from './demo/demo-browser.js'
import { describePay } from './demo/pay.js'

let started: DemoBrowser | undefined
beforeAll(async () => {
  started = await startDemoBrowser()
})
afterAll(() => started?.stop())

const walk = (): DemoBrowser => {
  if (!started) throw new Error('the demo has not started')
  return started
}

describePay(walk)
