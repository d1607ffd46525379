import cluster from 'node:cluster'

export { serveAsPrimary } from './serve-as-primary.js'
export { serveAsWorker } from './serve-as-worker.js'

/** Whether the primary started this process. */
export const { isWorker } = cluster
