import { readFileSync } from 'node:fs'
import { getHttpOperationsFromSpec } from '@stoplight/prism-http'
import { createServer } from '@stoplight/prism-http-server'
import pino from 'pino'

/* Prism, a mock server, with the OpenAPI document of this project: it validates a call and answers with an example. */
const document = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'))
const operations = await getHttpOperationsFromSpec(document)
const server = createServer(operations, {
  // the levels that its own command adds
  components: { logger: pino({ level: 'silent', customLevels: { success: 35, start: 36 } }) },
  config: {
    isProxy: false,
    checkSecurity: true,
    validateRequest: true,
    validateResponse: false,
    mock: { dynamic: false },
    errors: false,
  },
  cors: false,
})
process.stdout.write(`${await server.listen(0, '127.0.0.1')}\n`)
