import { createServer } from 'node:http'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { toNodeHandler } from 'better-auth/node'
import { anonymous } from 'better-auth/plugins'

/* better-auth, everything in memory: anonymous sign-in, which is its session of a guest. */
const auth = betterAuth({
  baseURL: 'http://127.0.0.1',
  secret: 'a secret of at least 32 characters, for this run only',
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  trustedOrigins: ['https://shop.example'],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: 'error' },
  plugins: [anonymous()],
})
const server = createServer(toNodeHandler(auth))
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`))
