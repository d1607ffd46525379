import { askBackend } from '../calls/ask-backend.js'
import { concludeRun } from './conclude-run.js'
import type { Scene, Step } from './scene.js'

const initialize: Step = {
  id: 'initialize',
  title: 'Initialise the bridge',
  about: 'The backend asks for a token that opens the bridge for one customer, four hours at most, and nothing else.',
  run: async () =>
    concludeRun(await askBackend<{ bridge_token: string }>('bridge'), ({ bridge_token }) => ({
      tokens: [{ name: 'Bridge token', raw: bridge_token }],
    })),
}

export const bridgeScene: Scene = {
  id: 'bridge',
  title: 'Bridge',
  about: 'Pay by bank: the page opens the bridge widget with a token that the shop’s backend fetched for its customer.',
  steps: [initialize],
}
