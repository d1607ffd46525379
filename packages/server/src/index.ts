export { readFixture } from './admin/import-fixture.js'
export { type Backup, backUp } from './backup/back-up.js'
export { type MigrationRun, migrateDatabase } from './backup/migrate-database.js'
export { markRestored, type Restored, restore } from './backup/restore.js'
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
