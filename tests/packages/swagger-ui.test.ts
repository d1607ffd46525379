import { readFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readText, root } from '../rules/support/repository.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'
import { packAll } from './support/pack.js'

test('the packed server has both files of Swagger UI with licenses, and does not depend on it', async () => {
  const folder = await temporaryFolder()
  try {
    const [server] = await packAll(['packages/server'], folder.path)
    const carried = (server?.files ?? []).filter((path) => path.startsWith('dist/http/swagger-ui/'))
    expect(carried.map((path) => path.split('/').at(-1)).toSorted()).toEqual([
      'LICENSE',
      'NOTICE',
      'swagger-ui-bundle.js',
      'swagger-ui-bundle.js.LICENSE.txt',
      'swagger-ui.css',
    ])
    const { dependencies } = JSON.parse(readText('packages/server/package.json'))
    expect(Object.keys(dependencies).filter((name) => /swagger|scarf/.test(name))).toEqual([])

    // on their own, where no swagger-ui-dist can be found
    const http = join(folder.path, 'dist/http')
    await cp(join(root, 'packages/server/dist/http'), http, { recursive: true })
    const { swaggerUiFile } = await import(join(http, 'swagger-ui.js'))
    expect(readFileSync(swaggerUiFile('swagger-ui-bundle.js'), 'utf8')).toContain('SwaggerUIBundle')
    expect(readFileSync(swaggerUiFile('swagger-ui.css'), 'utf8')).toContain('.swagger-ui')
  } finally {
    await folder.remove()
  }
})
