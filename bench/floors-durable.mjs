import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

/*
 * The least that a service of one-time tokens does: bare node:http and one statement a call, synced to disk before the
 * response. SQLite shares a commit among the calls of a turn, as Hallpass does. `/mint` inserts a token, `/redeem` spends
 * it, and `/refresh` advances a counter.
 */
const [, , kind, target] = process.argv
const load = createRequire(new URL('../packages/server/package.json', import.meta.url))
const run = kind === 'sqlite' ? openSqlite() : await openPostgres()

function openSqlite() {
  const db = new (load('better-sqlite3'))(target)
  db.exec('pragma journal_mode = WAL; pragma synchronous = FULL')
  db.exec('create table tokens (id text primary key, used integer) without rowid')
  db.exec('create table sessions (id text primary key, counter integer) without rowid')
  const begin = db.prepare('begin immediate')
  const commit = db.prepare('commit')
  const statements = {
    mint: db.prepare('insert into tokens values (?, 0)'),
    redeem: db.prepare('update tokens set used = 1 where id = ? and used = 0'),
    refresh: db.prepare('insert into sessions values (?, 1) on conflict (id) do update set counter = counter + 1'),
  }
  let waiting = []
  return (name, id) =>
    new Promise((resolve) => {
      if (waiting.length === 0) setImmediate(flush)
      waiting.push({ name, id, resolve })
    })

  function flush() {
    const calls = waiting
    waiting = []
    begin.run()
    const changes = calls.map(({ name, id }) => statements[name].run(id).changes)
    commit.run()
    for (const [i, { resolve }] of calls.entries()) resolve(changes[i] === 1)
  }
}

async function openPostgres() {
  const { Pool } = load('pg')
  const pool = new Pool({ connectionString: target, max: 10 })
  await pool.query('create table tokens (id text primary key, used integer)')
  await pool.query('create table sessions (id text primary key, counter integer)')
  const texts = {
    mint: 'insert into tokens values ($1, 0)',
    redeem: 'update tokens set used = 1 where id = $1 and used = 0',
    refresh: 'insert into sessions values ($1, 1) on conflict (id) do update set counter = sessions.counter + 1',
  }
  return async (name, id) => (await pool.query({ name, text: texts[name], values: [id] })).rowCount === 1
}

async function answer(request, response) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString())
  const name = request.url.slice(1)
  const id = body.id ?? randomBytes(16).toString('base64url')
  const text = JSON.stringify({ id })
  const status = (await run(name, id)) ? 200 : 409
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
    .end(text)
}

const server = createServer((request, response) => void answer(request, response))
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`))
