import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DemoError } from './errors.js'
import { type RunningHallpass, startHallpass } from './hallpass/start-hallpass.js'
import { readSettings } from './read-settings.js'
import { admitOnly, readFixture, readShop } from './read-shop.js'
import { type RunningSites, startSites } from './start-sites.js'
import { welcome } from './welcome.js'

/** The parts of the demo, and where to find them. */
interface Parts {
  /** The arguments with which Node runs the `hallpass` command. */
  readonly hallpass: readonly string[]
  readonly fixture: string
  readonly database: string
  readonly webFolder: string
  readonly widgetsFolder: string
}

/** Runs Hallpass and the demo until SIGINT or SIGTERM. Resolves to the exit code. */
export async function runDemo(parts: Parts, env: NodeJS.ProcessEnv): Promise<number> {
  const signal = nextSignal()
  try {
    const demo = await start(parts, env)
    const end = await Promise.race([signal, demo.hallpass.ended])
    await demo.close()
    await demo.hallpass.stop()
    if (end === 'signal') return 0
    throw new DemoError(`Hallpass ended with code ${end}, so the demo has stopped.`, end || 1)
  } catch (error) {
    return reportFailure(error)
  }
}

async function start(parts: Parts, env: NodeJS.ProcessEnv): Promise<RunningSites<RunningHallpass>> {
  const { ports, hallpassPort } = readSettings(env)
  const fixture = readFixture(parts.fixture)
  const shop = readShop(fixture)
  const folder = dirname(parts.database)
  mkdirSync(folder, { recursive: true })
  const demo = await startSites({
    shop,
    ports,
    webFolder: parts.webFolder,
    widgetsFolder: parts.widgetsFolder,
    startHallpass: ({ pages, widgets }) => {
      const fixturePath = join(folder, 'fixture.json')
      writeFileSync(fixturePath, JSON.stringify(admitOnly(fixture, pages)), { mode: 0o600 })
      return startHallpass({
        command: parts.hallpass,
        port: hallpassPort,
        databasePath: parts.database,
        fixturePath,
        widgetOrigins: widgets,
      })
    },
  })
  process.stdout.write(welcome(demo.addresses, shop))
  return demo
}

/** Prints one line about why the demo can't run, unless Hallpass has already printed the reason. Returns the exit code. */
function reportFailure(error: unknown): number {
  const known = error instanceof DemoError
  const message = error instanceof Error ? error.message : String(error)
  if (message !== '') process.stderr.write(`demo: ${known ? message : `Can't start: ${message}`}\n`)
  return known ? error.exitCode : 1
}

function nextSignal(): Promise<'signal'> {
  return new Promise((resolve) => {
    const once = () => {
      // a second signal ends the process immediately
      process.off('SIGINT', once)
      process.off('SIGTERM', once)
      resolve('signal')
    }
    process.on('SIGINT', once)
    process.on('SIGTERM', once)
  })
}
