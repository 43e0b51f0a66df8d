// What is dear to compute and follows from its key alone, kept a while: the least lately asked for goes first.

export interface Memo<V> {
  of(key: string, make: () => V): V;
  readonly size: number;
}

/** Keeps at most `max` values. What throws is not kept. */
export function memo<V>(max: number): Memo<V> {
  const kept = new Map<string, { readonly value: V }>();
  return {
    of(key, make) {
      const known = kept.get(key);
      if (known) {
        // A map remembers the order of insertion, so the last asked for stands last.
        kept.delete(key);
        kept.set(key, known);
        return known.value;
      }
      const value = make();
      kept.set(key, { value });
      const oldest = kept.size > max ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      return value;
    },
    get size() {
      return kept.size;
    },
  };
}
