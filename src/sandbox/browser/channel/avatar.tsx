// A person's square: their initials on a colour of their own. The name always stands beside it.

/** Draws initials; it says nothing that the name does not. */
export function Avatar({ id, name, small }: { id: string; name: string; small?: boolean }) {
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0] ?? '')
    .join('')
    .toUpperCase();
  const hue = [...id].reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) % 360, 7);
  return (
    <span
      className={small ? 'avatar small' : 'avatar'}
      style={{ background: `hsl(${hue} 45% 32%)` }}
      aria-hidden="true"
    >
      {initials}
    </span>
  );
}
