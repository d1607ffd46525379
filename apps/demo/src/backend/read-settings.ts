import { DemoError } from './errors.js'

/** Where the demo and its Hallpass listen. */
export interface StartSettings {
  readonly demoPort: number
  /** As it was written: Hallpass checks it itself. */
  readonly hallpassPort: string
}

/** Reads DEMO_PORT (5173) and HALLPASS_PORT (8787); 0 = any free port. */
export function readSettings(env: NodeJS.ProcessEnv): StartSettings {
  const demoPort = env.DEMO_PORT || '5173'
  if (!/^\d{1,5}$/.test(demoPort) || Number(demoPort) > 65_535) {
    throw new DemoError(`DEMO_PORT is "${demoPort}"; it must be a whole number from 0 to 65535`)
  }
  return { demoPort: Number(demoPort), hallpassPort: env.HALLPASS_PORT || '8787' }
}
