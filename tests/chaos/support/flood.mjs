// Sends requests at a steady rate, whether responses come or not, in a process of its own.
import { connect } from 'node:net'

const { host, port, connections, requests } = JSON.parse(process.argv[2])
const tickMilliseconds = 5
const endOfHead = Buffer.from('\r\n\r\n')

const idle = []
let perSecond = 0
let due = 0
let last = performance.now()
let heard = {}
let unsent = 0

const count = (name, status) => {
  const key = `${name} ${status}`
  heard[key] = (heard[key] ?? 0) + 1
}

// in the proportions of their shares
const order = requests.flatMap(({ name, share, text }) => Array(share).fill({ name, bytes: Buffer.from(text) }))
const pick = () => order[Math.floor(Math.random() * order.length)]

function dial() {
  const socket = connect({ host, port, noDelay: true })
  let current
  let received = Buffer.alloc(0)
  const connection = {
    send(request) {
      current = request
      socket.write(request.bytes)
    },
  }
  socket.on('connect', () => idle.push(connection))
  socket.on('data', (bytes) => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes])
    const head = received.indexOf(endOfHead)
    if (head < 0) return
    const text = received.latin1Slice(0, head)
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    if (received.length < head + endOfHead.length + length || !current) return
    received = Buffer.alloc(0)
    count(current.name, text.slice(9, 12))
    current = undefined
    idle.push(connection)
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    if (current) count(current.name, 'closed')
    const at = idle.indexOf(connection)
    if (at >= 0) idle.splice(at, 1)
    setTimeout(dial, 500)
  })
}

for (let index = 0; index < connections; index++) dial()

setInterval(() => {
  const now = performance.now()
  due += (perSecond * (now - last)) / 1_000
  last = now
  for (; due >= 1; due--) {
    const connection = idle.shift()
    if (connection) connection.send(pick())
    else unsent++
  }
}, tickMilliseconds)

process.on('message', (message) => {
  if (message.perSecond !== undefined) perSecond = message.perSecond
  process.send({ heard, unsent })
  heard = {}
  unsent = 0
})
process.on('disconnect', () => process.exit())
process.send({ isReady: true })
