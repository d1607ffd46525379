import { DemoError } from './errors.js'
import type { Port } from './http/listen.js'

/** The ports of the demo's sites and of Hallpass. */
export interface StartSettings {
  readonly ports: { readonly demo: Port; readonly widgets: Port; readonly attacker: Port }
  /** Unparsed, because Hallpass validates it. */
  readonly hallpassPort: string
}

/** Reads DEMO_PORT (5173), WIDGETS_PORT (5174), ATTACKER_PORT (5175) and HALLPASS_PORT (8787); 0 = any free port. */
export function readSettings(env: NodeJS.ProcessEnv): StartSettings {
  const portOf = (variable: string, standard: number): Port => {
    const written = env[variable] || String(standard)
    if (/^\d{1,5}$/.test(written) && Number(written) <= 65_535) return { variable, number: Number(written) }
    throw new DemoError(`${variable} is "${written}". It must be a whole number from 0 to 65535.`)
  }
  return {
    ports: {
      demo: portOf('DEMO_PORT', 5173),
      widgets: portOf('WIDGETS_PORT', 5174),
      attacker: portOf('ATTACKER_PORT', 5175),
    },
    hallpassPort: env.HALLPASS_PORT || '8787',
  }
}
