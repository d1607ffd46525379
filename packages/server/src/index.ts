export { readFixture } from './admin/import-fixture.js'
export { type Clock, systemClock } from './clock.js'
export { type Config, flagVariables, loadConfig, type ServeFlags } from './config.js'
export { createServer, type HallpassServer, type Overrides } from './create-server.js'
export { HallpassError, StartError } from './errors.js'
export {
  changeMasterKey,
  createFirstAccount,
  type FirstAccount,
  type HostOptions,
  historyOnHost,
  signingKeysOnHost,
} from './host.js'
export { type ServeOptions, serve } from './main.js'
