import { createHallpassClient } from '@hallpass/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoFolder } from '../../testing/demo-folder.js'
import { startDemo, type TestDemo } from '../../testing/start-demo.js'
import { projects } from './projects.js'

let demo: TestDemo
beforeAll(async () => {
  // this test doesn't need the built pages
  demo = await startDemo({ webFolder: `${demoFolder}src/web`, widgetsFolder: `${demoFolder}src/widgets` })
})
afterAll(() => demo.stop())

// the code is an async function, because modules have await
const AsyncFunction: new (...code: string[]) => (...values: unknown[]) => Promise<void> = Object.getPrototypeOf(
  async () => {},
).constructor

/** Runs the code as shown, except for its import, and returns what it prints. */
async function run(code: string): Promise<unknown[]> {
  const [line, ...others] = code.split('\n').filter((text) => !text.startsWith('//') && text !== '')
  expect(line).toBe("import { createHallpassClient } from '@hallpass/client'")
  const printed: unknown[] = []
  const process = { env: { HALLPASS_API_KEY: demo.shop.secretKey } }
  const console = { log: (value: unknown) => printed.push(value) }
  const program = new AsyncFunction('createHallpassClient', 'process', 'console', others.join('\n'))
  await program(createHallpassClient, process, console)
  return printed
}

test.each(['pay', 'chat', 'card', 'voice'] as const)(
  'the backend code of the scene %s prints a token as shown',
  async (scene) => {
    const settings = await (await fetch(`${demo.demoUrl}/api/settings`)).json()
    const backend = projects[scene](settings).find(({ name }) => name === 'backend.mjs')
    expect(await run(backend?.code ?? '')).toEqual([expect.stringMatching(/^\S{20,}$/)])
  },
)
