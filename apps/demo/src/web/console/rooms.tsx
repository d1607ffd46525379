import { type ComponentType, useState } from 'react'
import { ActivityRoom } from './rooms/activity-room.js'
import { AuditRoom } from './rooms/audit-room.js'
import { CardsRoom } from './rooms/cards-room.js'
import { ClientKeysRoom } from './rooms/client-keys-room.js'
import { CustomersRoom } from './rooms/customers-room.js'
import { RefusalsRoom } from './rooms/refusals-room.js'
import { SecretKeysRoom } from './rooms/secret-keys-room.js'
import { SessionsRoom } from './rooms/sessions-room.js'
import { SigningKeysRoom } from './rooms/signing-keys-room.js'

const rooms = {
  Activity: ActivityRoom,
  'Secret keys': SecretKeysRoom,
  'Client keys': ClientKeysRoom,
  Customers: CustomersRoom,
  Cards: CardsRoom,
  Sessions: SessionsRoom,
  'Signing keys': SigningKeysRoom,
  Refusals: RefusalsRoom,
  Audit: AuditRoom,
} as const satisfies Record<string, ComponentType>

type RoomName = keyof typeof rooms

/** The rooms of the console, one at a time. */
export function Rooms({ onLeave }: { readonly onLeave: () => void }) {
  const [name, setName] = useState<RoomName>('Activity')
  const Room = rooms[name]
  return (
    <div className="page console">
      <nav className="console-nav" aria-label="Console">
        <h1>Console</h1>
        <ul>
          {Object.keys(rooms).map((known) => (
            <li key={known}>
              <button type="button" aria-current={known === name} onClick={() => setName(known as RoomName)}>
                {known}
              </button>
            </li>
          ))}
        </ul>
        <button type="button" className="button" data-look="quiet" data-size="small" onClick={onLeave}>
          Forget the key
        </button>
      </nav>
      <section className="console-room" aria-labelledby="room-heading">
        <h2 id="room-heading">{name}</h2>
        <Room />
      </section>
    </div>
  )
}
