import { ConnectionNotice } from '@hallpass/console/connection-notice'
import { backendConnection, hallpassConnection } from '../calls/connections.js'

/** Says that the shop's backend or Hallpass doesn't respond, and when it responds again. */
export function Outages() {
  return (
    <div>
      <ConnectionNotice connection={backendConnection} server="The shop’s backend" />
      <ConnectionNotice connection={hallpassConnection} server="Hallpass" />
    </div>
  )
}
