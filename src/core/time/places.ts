// Names of places and long names of zones, as people put them after a time.

/** Large cities that have no zone of their own name, and the words Americans and others use for zones. */
const moreNames: Readonly<Record<string, string>> = {
  eastern: 'America/New_York',
  'us eastern': 'America/New_York',
  central: 'America/Chicago',
  'us central': 'America/Chicago',
  mountain: 'America/Denver',
  'us mountain': 'America/Denver',
  pacific: 'America/Los_Angeles',
  'us pacific': 'America/Los_Angeles',
  atlantic: 'America/Halifax',
  alaska: 'America/Anchorage',
  hawaii: 'Pacific/Honolulu',
  arizona: 'America/Phoenix',
  'central european': 'Europe/Berlin',
  'eastern european': 'Europe/Athens',
  'western european': 'Europe/Lisbon',
  'san francisco': 'America/Los_Angeles',
  'palo alto': 'America/Los_Angeles',
  'san jose': 'America/Los_Angeles',
  'san diego': 'America/Los_Angeles',
  seattle: 'America/Los_Angeles',
  portland: 'America/Los_Angeles',
  'las vegas': 'America/Los_Angeles',
  'salt lake city': 'America/Denver',
  austin: 'America/Chicago',
  dallas: 'America/Chicago',
  houston: 'America/Chicago',
  minneapolis: 'America/Chicago',
  'new york city': 'America/New_York',
  nyc: 'America/New_York',
  boston: 'America/New_York',
  atlanta: 'America/New_York',
  miami: 'America/New_York',
  philadelphia: 'America/New_York',
  pittsburgh: 'America/New_York',
  'washington dc': 'America/New_York',
  washington: 'America/New_York',
  ottawa: 'America/Toronto',
  montreal: 'America/Toronto',
  calgary: 'America/Edmonton',
  'rio de janeiro': 'America/Sao_Paulo',
  uk: 'Europe/London',
  edinburgh: 'Europe/London',
  glasgow: 'Europe/London',
  manchester: 'Europe/London',
  munich: 'Europe/Berlin',
  frankfurt: 'Europe/Berlin',
  hamburg: 'Europe/Berlin',
  cologne: 'Europe/Berlin',
  geneva: 'Europe/Zurich',
  barcelona: 'Europe/Madrid',
  milan: 'Europe/Rome',
  krakow: 'Europe/Warsaw',
  gothenburg: 'Europe/Stockholm',
  kyiv: 'Europe/Kiev',
  'tel aviv': 'Asia/Jerusalem',
  'abu dhabi': 'Asia/Dubai',
  india: 'Asia/Kolkata',
  kolkata: 'Asia/Kolkata',
  mumbai: 'Asia/Kolkata',
  delhi: 'Asia/Kolkata',
  'new delhi': 'Asia/Kolkata',
  bangalore: 'Asia/Kolkata',
  bengaluru: 'Asia/Kolkata',
  hyderabad: 'Asia/Kolkata',
  chennai: 'Asia/Kolkata',
  pune: 'Asia/Kolkata',
  kathmandu: 'Asia/Kathmandu',
  hanoi: 'Asia/Bangkok',
  'ho chi minh city': 'Asia/Ho_Chi_Minh',
  beijing: 'Asia/Shanghai',
  shenzhen: 'Asia/Shanghai',
  hangzhou: 'Asia/Shanghai',
  osaka: 'Asia/Tokyo',
  japan: 'Asia/Tokyo',
  canberra: 'Australia/Sydney',
  wellington: 'Pacific/Auckland',
  'cape town': 'Africa/Johannesburg',
};

const seasonsOfUs: Readonly<Record<string, string>> = {
  eastern: 'E',
  central: 'C',
  mountain: 'M',
  pacific: 'P',
  alaska: 'AK',
  atlantic: 'A',
};

const longNames: Readonly<Record<string, string>> = {
  'coordinated universal time': 'UTC',
  'universal time': 'UTC',
  'greenwich mean time': 'GMT',
  'british summer time': 'BST',
  'central european time': 'CET',
  'central european standard time': 'CET',
  'central european summer time': 'CEST',
  'eastern european time': 'EET',
  'eastern european standard time': 'EET',
  'eastern european summer time': 'EEST',
  'western european time': 'WET',
  'western european summer time': 'WEST',
  'moscow standard time': 'MSK',
  'japan standard time': 'JST',
  'korea standard time': 'KST',
  'singapore standard time': 'SGT',
  'singapore time': 'SGT',
  'hong kong time': 'HKT',
  'south africa standard time': 'SAST',
  'australian eastern standard time': 'AEST',
  'australian eastern daylight time': 'AEDT',
  'australian western standard time': 'AWST',
  'new zealand standard time': 'NZST',
  'new zealand daylight time': 'NZDT',
};

/**
 * Names that begin a sentence as often as they name a place: words, people, countries (`UK customers`), and names of
 * software. At the beginning of a text they are a place only where something says so.
 */
const ordinaryNames = new Set(
  `central mountain atlantic alaska hawaii arizona center easter troll nome wake midway resolute oral reunion christmas
  cocos lima knox truk chita salta phoenix darwin jakarta cairo montserrat nassau havana manila thule vostok jersey
  regina sydney sofia santiago adelaide austin dallas portland paris vienna milan stanley davis casey palmer dawson
  chatham norfolk lindeman beulah marengo petersburg monticello mawson uk india japan panama jamaica malta luxembourg
  qatar kuwait bahrain aruba bermuda maldives`.split(/\s+/),
);

const regions =
  /^(?:(?:us )?(?:eastern|central|mountain|pacific|atlantic)|(?:central|eastern|western) european)$/;

/** Whether a text may well begin with this word when no place is meant. */
export function isOrdinaryName(name: string): boolean {
  return ordinaryNames.has(plainName(name));
}

/** Whether it names a zone rather than a place in it: `Pacific`, `US Eastern`, `Central European`. */
export function isRegion(name: string): boolean {
  return regions.test(plainName(name));
}

/** The IANA zone of a city or of a region such as `Pacific`, or null. */
export function zoneOfPlace(name: string): string | null {
  return placeTable().get(plainName(name)) ?? null;
}

/** The letters of a zone written out, such as `Pacific Standard Time`, or null. */
export function lettersOfLongName(name: string): string | null {
  const plain = plainName(name);
  const american =
    /^(?:us )?(eastern|central|mountain|pacific|alaska|atlantic) (standard|daylight) time$/.exec(plain);
  const region = seasonsOfUs[american?.[1] ?? ''];
  if (region) return `${region}${american?.[2] === 'standard' ? 'S' : 'D'}T`;
  return Object.hasOwn(longNames, plain) ? (longNames[plain] ?? null) : null;
}

let places: Map<string, string> | undefined;

/** Built at the first question and kept. The last part of each IANA name, and what people say instead. */
function placeTable(): Map<string, string> {
  if (places) return places;
  places = new Map();
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    if (!zone.includes('/') || zone.startsWith('Etc/')) continue;
    places.set(plainName(zone.slice(zone.lastIndexOf('/') + 1)), zone);
  }
  for (const [name, zone] of Object.entries(moreNames)) places.set(name, zone);
  // A canary is a deployment far more often than an island.
  places.delete('canary');
  return places;
}

/** Small letters without accents, dots and underscores: `São_Paulo` and `Sao Paulo` are one. */
function plainName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\u0300-\u036f.]/g, '')
    .replace(/[_\s]+/g, ' ')
    .trim()
    .toLowerCase();
}
