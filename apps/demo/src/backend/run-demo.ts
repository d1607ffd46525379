import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createBackend } from './create-backend.js'
import { DemoError } from './errors.js'
import { listen } from './listen.js'
import { readSettings } from './read-settings.js'
import { readShop } from './read-shop.js'
import { type RunningHallpass, startHallpass } from './start-hallpass.js'
import { welcome } from './welcome.js'

/** What the demo is made of. */
interface Parts {
  /** The arguments with which Node runs the `hallpass` command line. */
  readonly hallpass: readonly string[]
  readonly fixture: string
  readonly database: string
  readonly webFolder: string
}

/** Runs Hallpass and the demo until SIGINT or SIGTERM; resolves to the exit code. */
export async function runDemo(parts: Parts, env: NodeJS.ProcessEnv): Promise<number> {
  const signal = nextSignal()
  let hallpass: RunningHallpass | undefined
  try {
    const { demoPort, hallpassPort } = readSettings(env)
    const shop = readShop(parts.fixture)
    mkdirSync(dirname(parts.database), { recursive: true })
    hallpass = await startHallpass({
      command: parts.hallpass,
      port: hallpassPort,
      databasePath: parts.database,
      fixturePath: parts.fixture,
    })
    const app = createBackend({ hallpassUrl: hallpass.url, shop, webFolder: parts.webFolder })
    const demoUrl = await listen(app, demoPort)
    process.stdout.write(welcome({ hallpassUrl: hallpass.url, demoUrl }, shop))
    const end = await Promise.race([signal, hallpass.ended])
    await app.close()
    await hallpass.stop()
    if (end === 'signal') return 0
    throw new DemoError(`hallpass ended with code ${end}, and the demo with it`, end || 1)
  } catch (error) {
    await hallpass?.stop()
    return reportFailure(error)
  }
}

/** Says in one line why the demo cannot start; says nothing where Hallpass has already. */
function reportFailure(error: unknown): number {
  const known = error instanceof DemoError
  const message = error instanceof Error ? error.message : String(error)
  if (message !== '') process.stderr.write(`demo: ${known ? message : `cannot start: ${message}`}\n`)
  return known ? error.exitCode : 1
}

function nextSignal(): Promise<'signal'> {
  return new Promise((resolve) => {
    const once = () => {
      // whoever asks twice does not want to wait: the second signal has its usual effect
      process.off('SIGINT', once)
      process.off('SIGTERM', once)
      resolve('signal')
    }
    process.on('SIGINT', once)
    process.on('SIGTERM', once)
  })
}
