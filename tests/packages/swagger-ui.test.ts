import { expect, test } from 'vitest'
import { readText } from '../rules/support/repository.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'
import { packAll } from './support/pack.js'

test('the packed server has both files of Swagger UI with licenses, and does not depend on it', async () => {
  const folder = await temporaryFolder()
  try {
    const [server] = await packAll(['packages/server'], folder.path)
    const carried = (server?.files ?? []).filter((path) => path.startsWith('dist/swagger-ui/'))
    expect(carried.map((path) => path.split('/').at(-1)).toSorted()).toEqual([
      'LICENSE',
      'NOTICE',
      'swagger-ui-bundle.js',
      'swagger-ui-bundle.js.LICENSE.txt',
      'swagger-ui.css',
    ])
    const { dependencies } = JSON.parse(readText('packages/server/package.json'))
    expect(Object.keys(dependencies).filter((name) => /swagger|scarf/.test(name))).toEqual([])
  } finally {
    await folder.remove()
  }
})
