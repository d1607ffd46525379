import { fileURLToPath } from 'node:url'
import { runDemo } from './run-demo.js'

const path = (url: string | URL) => fileURLToPath(url)
// relative to dist/backend, where the compiled file is
const own = (relative: string) => path(new URL(`../../${relative}`, import.meta.url))

process.exitCode = await runDemo(
  {
    // the package exports only its library for tests, two folders deep
    hallpass: [path(new URL('../../bin/hallpass.js', import.meta.resolve('hallpass/testing')))],
    fixture: own('fixture.json'),
    database: own('.hallpass/demo.db'),
    webFolder: own('dist/web'),
    widgetsFolder: own('dist/widgets'),
  },
  process.env,
)
