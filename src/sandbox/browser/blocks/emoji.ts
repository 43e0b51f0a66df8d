// Emoji by the names Slack gives them.
import { get } from 'node-emoji';

/** What Slack names otherwise than node-emoji, or what came to Unicode after its list was made. */
const OTHER_NAMES = new Map(
  Object.entries({
    thumbsup: '👍',
    thumbsdown: '👎',
    hand: '✋',
    raised_hand: '✋',
    thinking_face: '🤔',
    simple_smile: '🙂',
    rolling_on_the_floor_laughing: '🤣',
    upside_down_face: '🙃',
    hugging_face: '🤗',
    zipper_mouth_face: '🤐',
    face_with_rolling_eyes: '🙄',
    face_with_monocle: '🧐',
    saluting_face: '🫡',
    melting_face: '🫠',
    exploding_head: '🤯',
    shushing_face: '🤫',
    face_with_cowboy_hat: '🤠',
    partying_face: '🥳',
    large_red_circle: '🔴',
    large_green_circle: '🟢',
    large_yellow_circle: '🟡',
    large_orange_circle: '🟠',
    large_purple_circle: '🟣',
    large_brown_circle: '🟤',
    large_red_square: '🟥',
    large_green_square: '🟩',
    large_yellow_square: '🟨',
    large_orange_square: '🟧',
    large_blue_square: '🟦',
    large_purple_square: '🟪',
    ice_cube: '🧊',
    fire_extinguisher: '🧯',
    firefighter: '🧑‍🚒',
    technologist: '🧑‍💻',
    female_technologist: '👩‍💻',
    male_technologist: '👨‍💻',
    brain: '🧠',
    lady_beetle: '🐞',
    test_tube: '🧪',
    receipt: '🧾',
    broom: '🧹',
    thread: '🧵',
  }),
);

const SKINS = ['🏻', '🏼', '🏽', '🏾', '🏿'];

/** The character of a name without colons; a skin tone is 2 to 6, as Slack counts. Undefined: Slack knows no such. */
export function emojiOf(name: string, skinTone?: number): string | undefined {
  const lower = name.toLowerCase();
  const flag = /^flag-([a-z])([a-z])$/.exec(lower);
  if (flag?.[1] && flag[2]) return regional(flag[1]) + regional(flag[2]);
  const plain = OTHER_NAMES.get(lower) ?? OTHER_NAMES.get(lower.replaceAll('-', '_')) ?? get(lower);
  const skin = skinTone === undefined ? undefined : SKINS[skinTone - 2];
  return plain && skin ? plain.replace('\u{fe0f}', '') + skin : plain;
}

function regional(letter: string): string {
  return String.fromCodePoint(0x1f1e6 + letter.charCodeAt(0) - 'a'.charCodeAt(0));
}

const SHORT_CODE = /:([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?/gi;

/** Words with `:names:` as characters; unknown names stay as they are. */
export function withEmoji(words: string): string {
  return words.replace(
    SHORT_CODE,
    (all, name: string, tone?: string) => emojiOf(name, tone ? Number(tone) : undefined) ?? all,
  );
}
