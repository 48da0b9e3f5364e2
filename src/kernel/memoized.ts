/**
 * The same function, which remembers what it gave for each key: for as long as the function itself is kept, or until it
 * has remembered `keysMax`, when it forgets all and begins anew.
 */
export function memoized<Key, Value>(
  make: (key: Key) => Value,
  keysMax = Number.POSITIVE_INFINITY,
): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const remembered = known.get(key);
    if (remembered !== undefined) {
      return remembered;
    }
    if (known.size >= keysMax) {
      known.clear();
    }
    const value = make(key);
    known.set(key, value);
    return value;
  };
}
