import { fileURLToPath } from 'node:url'
import { runDemo } from '../../dist/backend/run-demo.js'

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url))
const [database] = process.argv.slice(2)
if (database === undefined) throw new Error('Pass the path of a database.')

// like `npm start`, but with a separate database
process.exitCode = await runDemo(
  {
    hallpass: [fileURLToPath(new URL('../../bin/hallpass.js', import.meta.resolve('hallpass/testing')))],
    fixture: path('fixture.json'),
    database,
    webFolder: path('dist/web'),
    widgetsFolder: path('dist/widgets'),
  },
  process.env,
)
