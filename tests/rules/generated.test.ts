import { expect, test } from 'vitest'
import { generatedFiles } from '../../scripts/generate.js'
import { readText } from './support/repository.js'

test.each(Object.entries(generatedFiles))(
  '%s is what the code makes today; else run `npm run generate`',
  (path, make) => {
    expect(readText(path)).toBe(make())
  },
)
