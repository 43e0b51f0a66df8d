// Zone letters such as PST and CET: who writes them, and what they mean there.

/** People who write the same letters. `standard` is minutes east of UTC; `daylight` letters are an hour more. */
export interface LetterFamily {
  name: string;
  /** The zone whose wall clock the letters mean when the sender's own zone does not use them. */
  home: string;
  standard: number;
  letters: { standard?: string; daylight?: string; generic?: string };
  /** Other spellings that are read but never shown. */
  also?: { standard?: string[]; daylight?: string[] };
  /** Zones whose people write these letters. */
  zones: ReadonlySet<string>;
}

export interface LetterMeaning {
  family: LetterFamily;
  /** Minutes east of UTC, or null for letters without a season such as PT. */
  offset: number | null;
}

// Families in the order in which letters are taken when the sender's zone does not decide: the commonest first.
const families: readonly LetterFamily[] = [
  family(
    'US Eastern time',
    'America/New_York',
    -300,
    'EST EDT ET',
    'Detroit Toronto Montreal Nassau Port-au-Prince Iqaluit Grand_Turk Panama Jamaica Cancun Cayman Atikokan Coral_Harbour Indiana/Indianapolis Indianapolis Indiana/Marengo Indiana/Petersburg Indiana/Vevay Indiana/Vincennes Indiana/Winamac Kentucky/Louisville Louisville Kentucky/Monticello Thunder_Bay Nipigon US/Eastern Canada/Eastern EST5EDT',
  ),
  family(
    'US Central time',
    'America/Chicago',
    -360,
    'CST CDT CT',
    'Winnipeg Menominee Matamoros Monterrey Mexico_City Merida Bahia_Banderas Regina Swift_Current Costa_Rica Guatemala El_Salvador Tegucigalpa Managua Belize Rainy_River Rankin_Inlet Resolute Indiana/Knox Indiana/Tell_City North_Dakota/Center North_Dakota/New_Salem North_Dakota/Beulah US/Central Canada/Central CST6CDT',
  ),
  family(
    'US Mountain time',
    'America/Denver',
    -420,
    'MST MDT MT',
    'Boise Edmonton Phoenix Hermosillo Mazatlan Yellowknife Inuvik Cambridge_Bay Creston Dawson_Creek Fort_Nelson Whitehorse Dawson US/Mountain US/Arizona Canada/Mountain MST7MDT',
  ),
  family(
    'Pacific time',
    'America/Los_Angeles',
    -480,
    'PST PDT PT',
    'Vancouver Tijuana Ensenada Santa_Isabel US/Pacific Canada/Pacific PST8PDT',
  ),
  family(
    'Alaska time',
    'America/Anchorage',
    -540,
    'AKST AKDT AKT',
    'Juneau Sitka Nome Yakutat Metlakatla US/Alaska',
  ),
  family('Hawaii time', 'Pacific/Honolulu', -600, 'HST HDT', 'Adak Pacific/Johnston US/Hawaii'),
  family(
    'Atlantic time',
    'America/Halifax',
    -240,
    'AST ADT',
    'Glace_Bay Moncton Goose_Bay Thule Atlantic/Bermuda Puerto_Rico Santo_Domingo Barbados Martinique Port_of_Spain Curacao Aruba Canada/Atlantic',
  ),
  family('Newfoundland time', 'America/St_Johns', -210, 'NST NDT', 'Canada/Newfoundland'),
  family(
    'London time',
    'Europe/London',
    0,
    'GMT BST',
    'Europe/Belfast Europe/Jersey Europe/Guernsey Europe/Isle_of_Man GB',
  ),
  family(
    'Western European time',
    'Europe/Lisbon',
    0,
    'WET WEST',
    'Atlantic/Madeira Atlantic/Canary Atlantic/Faroe Atlantic/Faeroe Portugal',
  ),
  family(
    'Central European time',
    'Europe/Berlin',
    60,
    'CET CEST',
    'Europe/Amsterdam Europe/Andorra Europe/Belgrade Europe/Bratislava Europe/Brussels Europe/Budapest Europe/Busingen Europe/Copenhagen Europe/Gibraltar Europe/Ljubljana Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Monaco Europe/Oslo Europe/Paris Europe/Podgorica Europe/Prague Europe/Rome Europe/San_Marino Europe/Sarajevo Europe/Skopje Europe/Stockholm Europe/Tirane Europe/Vaduz Europe/Vatican Europe/Vienna Europe/Warsaw Europe/Zagreb Europe/Zurich Africa/Ceuta Africa/Algiers Africa/Tunis Arctic/Longyearbyen CET MET Poland',
    { standard: ['MEZ', 'MET'], daylight: ['MESZ', 'MEST'] },
  ),
  family(
    'Eastern European time',
    'Europe/Athens',
    120,
    'EET EEST',
    'Europe/Bucharest Europe/Chisinau Europe/Helsinki Europe/Kiev Europe/Kyiv Europe/Mariehamn Europe/Riga Europe/Sofia Europe/Tallinn Europe/Vilnius Europe/Kaliningrad Asia/Nicosia Asia/Famagusta Asia/Beirut Africa/Cairo Africa/Tripoli EET',
  ),
  family('Moscow time', 'Europe/Moscow', 180, 'MSK', 'Europe/Simferopol Europe/Kirov Europe/Volgograd'),
  family('Turkish time', 'Europe/Istanbul', 180, 'TRT', 'Asia/Istanbul Turkey'),
  family('India time', 'Asia/Kolkata', 330, 'IST', 'Asia/Calcutta'),
  family('Irish time', 'Europe/Dublin', 0, '- IST', 'Eire'),
  family('Israel time', 'Asia/Jerusalem', 120, 'IST IDT', 'Asia/Tel_Aviv Israel'),
  family('Pakistan time', 'Asia/Karachi', 300, 'PKT', ''),
  family('Bangladesh time', 'Asia/Dhaka', 360, 'BST', 'Asia/Dacca'),
  family('Nepal time', 'Asia/Kathmandu', 345, 'NPT', 'Asia/Katmandu'),
  family(
    'Indochina time',
    'Asia/Bangkok',
    420,
    'ICT',
    'Asia/Ho_Chi_Minh Asia/Saigon Asia/Phnom_Penh Asia/Vientiane',
  ),
  family('Western Indonesia time', 'Asia/Jakarta', 420, 'WIB', 'Asia/Pontianak'),
  family('Central Indonesia time', 'Asia/Makassar', 480, 'WITA', ''),
  family('Eastern Indonesia time', 'Asia/Jayapura', 540, 'WIT', ''),
  family('China time', 'Asia/Shanghai', 480, 'CST', 'Asia/Chongqing Asia/Taipei Asia/Macau PRC ROC'),
  family('Hong Kong time', 'Asia/Hong_Kong', 480, 'HKT', 'Hongkong'),
  family('Singapore time', 'Asia/Singapore', 480, 'SGT', 'Singapore'),
  family('Malaysia time', 'Asia/Kuala_Lumpur', 480, 'MYT', 'Asia/Kuching'),
  family('Philippine time', 'Asia/Manila', 480, 'PHT', '', { standard: ['PST', 'PHST'] }),
  family('Japan time', 'Asia/Tokyo', 540, 'JST', 'Japan'),
  family('Korea time', 'Asia/Seoul', 540, 'KST', 'ROK'),
  family('Western Australia time', 'Australia/Perth', 480, 'AWST', 'Australia/West', { standard: ['WST'] }),
  family(
    'Central Australia time',
    'Australia/Adelaide',
    570,
    'ACST ACDT',
    'Australia/Darwin Australia/Broken_Hill Australia/North Australia/South',
    { standard: ['CST'], daylight: ['CDT'] },
  ),
  family(
    'Eastern Australia time',
    'Australia/Sydney',
    600,
    'AEST AEDT AET',
    'Australia/Melbourne Australia/Brisbane Australia/Hobart Australia/Lindeman Australia/Canberra Australia/ACT Australia/NSW Australia/Victoria Australia/Queensland Australia/Tasmania',
    { standard: ['EST'], daylight: ['EDT'] },
  ),
  family('New Zealand time', 'Pacific/Auckland', 720, 'NZST NZDT NZT', 'Antarctica/McMurdo NZ'),
  family('Gulf time', 'Asia/Dubai', 240, 'GST', 'Asia/Muscat'),
  family(
    'Arabia time',
    'Asia/Riyadh',
    180,
    'AST',
    'Asia/Kuwait Asia/Baghdad Asia/Qatar Asia/Bahrain Asia/Aden',
  ),
  family('Iran time', 'Asia/Tehran', 210, 'IRST IRDT', 'Iran'),
  family('South Africa time', 'Africa/Johannesburg', 120, 'SAST', 'Africa/Maseru Africa/Mbabane'),
  family(
    'Central Africa time',
    'Africa/Maputo',
    120,
    'CAT',
    'Africa/Harare Africa/Lusaka Africa/Kigali Africa/Gaborone Africa/Lubumbashi Africa/Blantyre Africa/Bujumbura',
  ),
  family(
    'East Africa time',
    'Africa/Nairobi',
    180,
    'EAT',
    'Africa/Kampala Africa/Addis_Ababa Africa/Dar_es_Salaam Africa/Mogadishu Africa/Djibouti Africa/Asmara Africa/Asmera',
  ),
  family(
    'West Africa time',
    'Africa/Lagos',
    60,
    'WAT',
    'Africa/Kinshasa Africa/Luanda Africa/Douala Africa/Libreville Africa/Niamey Africa/Ndjamena',
  ),
  family(
    'Brasília time',
    'America/Sao_Paulo',
    -180,
    'BRT BRST',
    'Bahia Fortaleza Recife Belem Maceio Brazil/East',
  ),
  family(
    'Argentina time',
    'America/Argentina/Buenos_Aires',
    -180,
    'ART',
    'Buenos_Aires Argentina/Cordoba Cordoba',
  ),
  family('Chile time', 'America/Santiago', -240, 'CLT CLST', 'Chile/Continental'),
  family('Colombia time', 'America/Bogota', -300, 'COT', ''),
  family('Peru time', 'America/Lima', -300, 'PET', ''),
  family('Venezuela time', 'America/Caracas', -240, 'VET', ''),
  family('Cuba time', 'America/Havana', -300, 'CST CDT', 'Cuba'),
  family('Samoa time', 'Pacific/Pago_Pago', -660, 'SST', 'Pacific/Midway US/Samoa'),
  family('Chamorro time', 'Pacific/Guam', 600, 'CHST', 'Pacific/Saipan'),
];

/** What these letters may mean, the commonest first; empty when nobody writes them. */
export function meaningsOf(letters: string): readonly LetterMeaning[] {
  return letterTable().get(letters.toUpperCase()) ?? [];
}

/** The letters to show for a zone at this offset, or null where none are in use or others write them too. */
export function lettersFor(zone: string, offset: number): string | null {
  for (const candidate of families) {
    if (!candidate.zones.has(zone)) continue;
    const letters = seasonLetters(candidate, offset);
    if (letters && meaningsOf(letters)[0]?.family === candidate) return letters;
  }
  return null;
}

/** The letters a family writes at this offset. */
export function seasonLetters(of: LetterFamily, offset: number): string | null {
  if (offset === of.standard) return of.letters.standard ?? null;
  if (offset === of.standard + daylightMinutes) return of.letters.daylight ?? null;
  return null;
}

const daylightMinutes = 60;
let table: Map<string, LetterMeaning[]> | undefined;

/** Built at the first question and kept: it is constant. */
function letterTable(): Map<string, LetterMeaning[]> {
  if (table) return table;
  table = new Map();
  // Shown letters first, so that another spelling never takes the place of somebody's own.
  for (const of of families) {
    addMeaning(table, of, of.letters.standard, of.standard);
    addMeaning(table, of, of.letters.daylight, of.standard + daylightMinutes);
    addMeaning(table, of, of.letters.generic, null);
  }
  for (const of of families) {
    for (const letters of of.also?.standard ?? []) addMeaning(table, of, letters, of.standard);
    for (const letters of of.also?.daylight ?? [])
      addMeaning(table, of, letters, of.standard + daylightMinutes);
  }
  return table;
}

function addMeaning(
  to: Map<string, LetterMeaning[]>,
  of: LetterFamily,
  letters: string | undefined,
  offset: number | null,
): void {
  if (letters) to.set(letters, [...(to.get(letters) ?? []), { family: of, offset }]);
}

/** `letters` are standard, daylight and season-less, a dash for none; zones without a slash lie in America, unless they are whole names. */
function family(
  name: string,
  home: string,
  standard: number,
  letters: string,
  zones: string,
  also?: LetterFamily['also'],
): LetterFamily {
  const [winter, summer, generic] = letters.split(' ').map((word) => (word === '-' ? undefined : word));
  const names = zones
    .split(' ')
    .filter(Boolean)
    .flatMap((zone) => [zone, `America/${zone}`]);
  return {
    name,
    home,
    standard,
    letters: { standard: winter, daylight: summer, generic },
    also,
    zones: new Set([home, ...names]),
  };
}
