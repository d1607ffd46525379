/*
 * The parts of the server that a test may need in its hands: to sign what only the server can sign, to count rows,
 * to put a server together with a fault in it. The only file of the tests that reaches into a package.
 */
export { countActivity } from '../../../packages/server/src/activity/count-activity.js'
export { createExecute } from '../../../packages/server/src/execute/execute.js'
export type { Services } from '../../../packages/server/src/execute/services.js'
export { createHttpServer } from '../../../packages/server/src/http/create-http-server.js'
export { newId } from '../../../packages/server/src/ids.js'
export { createSharedWindow } from '../../../packages/server/src/limits/shared-window.js'
export { createSlidingWindow } from '../../../packages/server/src/limits/sliding-window.js'
export { createLog } from '../../../packages/server/src/log.js'
export { createMetrics } from '../../../packages/server/src/metrics/create-metrics.js'
export { openStore } from '../../../packages/server/src/open-store.js'
export { keepRefusals } from '../../../packages/server/src/refusals/keep-refusals.js'
export { createRevocationFeed } from '../../../packages/server/src/revocation/publish-revocations.js'
export { explainToken } from '../../../packages/server/src/signing/explain-token.js'
export { type KeyRing, openKeyRing, type SigningKey } from '../../../packages/server/src/signing/key-ring.js'
export { compactJws, signToken } from '../../../packages/server/src/signing/sign-token.js'
export { verifyToken } from '../../../packages/server/src/signing/verify-token.js'
export { migrate } from '../../../packages/server/src/store/migrations.js'
export { type OpenDatabase, openSqlite } from '../../../packages/server/src/store/open-sqlite.js'
export { openPostgres } from '../../../packages/server/src/store/postgres/open-postgres.js'
export { createStore, type Store } from '../../../packages/server/src/store/store.js'
