/**
 * `base` with more members, which take precedence. The members of `base` are inherited: copying twenty of them with a
 * spread took 9 µs, and a call did that twice; this takes 0.1. So the result must not be spread, which copies own members
 * only.
 */
export const extend = <Base extends object, More extends object>(base: Base, more: More): Base & More =>
  // an object without members of its own, whose type is not known to TypeScript
  Object.assign(Object.create(base) as Base, more)
