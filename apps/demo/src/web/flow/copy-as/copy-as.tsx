import { useOperations } from '../../calls/use-operations.js'
import { useSettings } from '../../shell/settings.js'
import type { ShownCall } from '../exchange.js'
import { asCli } from './as-cli.js'
import { asClientCode } from './as-client-code.js'
import { asCurl } from './as-curl.js'
import { CopyBlock } from './copy-block.js'

const ways = { curl: asCurl, 'client code': asClientCode, CLI: asCli } as const

/** The call as curl, client code and CLI command, ready to paste. */
export function CopyAs({ call }: { readonly call: ShownCall }) {
  const { hallpassUrl } = useSettings()
  const operations = useOperations()
  if (operations === 'loading') return null
  if (operations === 'unreachable')
    return <p className="quiet small">The backend didn’t respond. Reopen this tab in a moment.</p>
  const operation = operations.find(({ id }) => id === call.operation)
  if (!operation) return <p className="quiet small">This call has no documented operation.</p>
  const place = { hallpassUrl, pageOrigin: location.origin }
  return (
    <div className="copies">
      {Object.entries(ways).map(([name, write]) => (
        <CopyBlock key={name} name={name} text={write(call, operation, place)} />
      ))}
    </div>
  )
}
