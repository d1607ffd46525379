import { Command } from 'commander'
import { actionOf, type Context } from '../context.js'
import { FailedError } from '../errors.js'
import { addFlag } from '../flags/add-flag.js'
import type { Io } from '../io.js'
import { readGlobals } from '../read-globals.js'

/** `hallpass health`: asks a running server whether it is ready. For the health checks of containers and scripts. */
export function healthCommand(context: Context): Command {
  const { io, globalOptions } = context
  const command = new Command('health')
    .summary('Check whether a running server is ready')
    .description(
      'Ask a running server whether it can accept requests, and print its answer. Exits with 0 if it can, and with 1 if not. You need no secret key. Without --base-url, asks the server on this host, at the address that HALLPASS_HOST and HALLPASS_PORT name.',
    )
    .usage('[flags]')
    .addHelpText('after', '\nExample:\n  hallpass health --live --timeout 4')
  addFlag(command, { flags: '--live', description: "Check only that the server responds, not that it's ready." })
  return command.action(
    actionOf(command, context, async () => {
      const options = globalOptions()
      const globals = readGlobals(options, { ...io, env: { HALLPASS_BASE_URL: ownUrl(io.env), ...io.env } })
      const { sendRequest, nameOfRequest } = await import('../request/send-request.js')
      const path = command.opts<{ live?: true }>().live ? '/health/live' : '/health/ready'
      const request = { method: 'GET', url: `${globals.baseUrl}${path}`, headers: {} } as const
      const answer = await sendRequest(io.fetch, request, globals.timeoutSeconds)
      if (!answer.ok) throw new FailedError(`${nameOfRequest(request)}: ${answer.status} ${answer.text.slice(0, 200)}`)
      io.stdout.write(`${answer.text}\n`)
      return 0
    }),
  )
}

/** Where a server with these variables listens, as seen from its own host. */
function ownUrl({ HALLPASS_HOST: host = '', HALLPASS_PORT: port = '' }: Io['env']): string {
  // 0.0.0.0 and :: are all addresses, and none that one can call
  const name = /^[0.:]*$/.test(host) ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${/^\d+$/.test(port) ? port : 8787}`
}
