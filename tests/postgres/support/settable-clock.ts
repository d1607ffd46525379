import { query } from '../../support/postgres.js'
import { directUrlOf } from '../../system/support/servers/server-parts.js'

/**
 * Gives a new database a clock that a test can set, as if its machine's clock had been set. PostgreSQL finds this
 * function before its own of the same name. Call it before servers connect. Returns the setter.
 */
export async function makeClockSettable(url: string): Promise<(milliseconds: number) => Promise<void>> {
  const name = new URL(url).pathname.slice(1)
  // a pooler would keep a connection without the setting
  await query(
    directUrlOf(url) ?? url,
    `create schema test_clock;
    create table test_clock.ahead (by interval not null);
    insert into test_clock.ahead values ('0');
    create function test_clock.clock_timestamp() returns timestamptz language sql volatile
      as 'select pg_catalog.clock_timestamp() + by from test_clock.ahead';
    alter database ${name} set search_path = public, test_clock, pg_catalog`,
  )
  return async (milliseconds) =>
    void (await query(url, `update test_clock.ahead set by = '${milliseconds} milliseconds'`))
}
