// Which rows are in the document. Pure.

/** The rows in sight and a few around, and the one with the focus, which must not be taken away. */
export function rangeWith(
  range: { startIndex: number; endIndex: number; overscan: number; count: number },
  focused: number,
): number[] {
  const from = Math.max(range.startIndex - range.overscan, 0);
  const to = Math.min(range.endIndex + range.overscan, range.count - 1);
  const rows = Array.from({ length: Math.max(0, to - from + 1) }, (_, step) => from + step);
  if (focused < 0 || focused >= range.count || (focused >= from && focused <= to)) return rows;
  return focused < from ? [focused, ...rows] : [...rows, focused];
}
