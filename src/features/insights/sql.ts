// Queries put together of parts: what is not ours in them is always a value, never text.

/** A part of a query, with its values. */
export interface Sql {
  readonly parts: readonly string[];
  readonly values: readonly unknown[];
}

/** Reads a template: a part in it becomes text and values of its own, anything else a value. */
export function sql(texts: TemplateStringsArray, ...given: readonly unknown[]): Sql {
  let all: Sql = { parts: [texts[0] ?? ''], values: [] };
  given.forEach((each, i) => {
    const part = isSql(each) ? each : { parts: ['', ''], values: [each] };
    all = joined(joined(all, part, ''), { parts: [texts[i + 1] ?? ''], values: [] }, '');
  });
  return all;
}

/** The parts one after the other. Throws when there is none: a query with a hole is a mistake of ours. */
export function joinSql(parts: readonly Sql[], between: string): Sql {
  const [first, ...rest] = parts;
  if (!first) throw new Error('no part of a query');
  return rest.reduce((all, part) => joined(all, part, between), first);
}

/** A number of ours, which is to be text: an engine cannot tell the type of a selected value. */
export function numeral(value: number): Sql {
  if (!Number.isSafeInteger(value)) throw new Error('no whole number');
  return { parts: [String(value)], values: [] };
}

/** As `$queryRaw` takes it. */
export function asTemplate(query: Sql): readonly [TemplateStringsArray, ...unknown[]] {
  return [Object.assign([...query.parts], { raw: query.parts }), ...query.values];
}

function joined(a: Sql, b: Sql, between: string): Sql {
  const seam = `${a.parts.at(-1) ?? ''}${between}${b.parts[0] ?? ''}`;
  return {
    parts: [...a.parts.slice(0, -1), seam, ...b.parts.slice(1)],
    values: [...a.values, ...b.values],
  };
}

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && 'parts' in value && 'values' in value;
}
