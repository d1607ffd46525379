/** Finds members of an object: those that come with `name`, or all of them. */
export type FindMembers<T> = (name?: PropertyKey) => Partial<T>

/**
 * `own`, plus members that are looked up when they are first used. Spreading it looks up all of them. Members are copied
 * one by one: a transaction makes two such objects, and spreading them took a tenth of a call.
 */
export function lazyObject<T extends object>(own: Partial<T>, find: FindMembers<T>): T {
  const add = (target: Partial<T>, members: Partial<T>): Partial<T> => {
    for (const name in members) if (!(name in target)) target[name] = members[name]
    return target
  }
  const proxy = new Proxy(own, {
    get(target, name) {
      if (!(name in target)) add(target, find(name))
      return Reflect.get(target, name)
    },
    ownKeys: (target) => Reflect.ownKeys(add(target, find())),
  })
  // every member of T is found
  return proxy as T
}

/** `object` with some of its members replaced. */
export const replaceMembers = <T extends object>(object: T, members: Partial<T>): T =>
  lazyObject<T>({ ...members }, (name) =>
    // a name that T doesn't have is undefined, as on the object itself
    name === undefined ? object : ({ [name]: Reflect.get(object, name) } as Partial<T>),
  )
