import { expect, test } from 'vitest'
import { generatedFiles } from '../../scripts/generate.js'
import { readText } from './support/repository.js'

test.each(Object.entries(generatedFiles))('%s matches the code; if not, run `npm run generate`', async (path, make) => {
  expect(readText(path)).toBe(await make())
})
