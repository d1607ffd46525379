import { fileURLToPath } from 'node:url'
import { runDemo } from '../backend/run-demo.js'

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url))
const [database] = process.argv.slice(2)
if (database === undefined) throw new Error('give the path of a database')

// `npm start` from the sources, with a database of its own; the pages are not what is tested with it
process.exitCode = await runDemo(
  {
    hallpass: [...process.execArgv, fileURLToPath(import.meta.resolve('@hallpass/cli/src/main.ts'))],
    fixture: path('fixture.json'),
    database,
    webFolder: path('src/web'),
    widgetsFolder: path('src/widgets'),
  },
  process.env,
)
