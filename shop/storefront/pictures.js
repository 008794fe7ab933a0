/** Words of a title, the most telling first, and the drawing that they mean. */
const BY_WORD = [
  ["service plan|protection plan|care plan|warranty|repair plan", "service"],
  ["toothbrush", "toothbrush"],
  ["hair dryer|straightener|curler", "hairdryer"],
  ["shaver|trimmer|epilator|clipper", "shaver"],
  ["blanket|heating pad", "blanket"],
  ["baby monitor|security camera", "camera"],
  ["thermostat", "thermostat"],
  ["alarm|sensor|weather station", "sensor"],
  ["sandwich|waffle|grill", "toaster"],
  ["egg cooker|rice cooker|slow cooker", "cookware"],
  ["robot vacuum", "robot-vacuum"],
  ["vacuum", "vacuum"],
  ["washing machine|washer|tumble dryer|dryer", "washer"],
  ["dishwasher", "dishwasher"],
  ["cooker hood|extractor", "hood"],
  ["induction|hob", "hob"],
  ["microwave", "microwave"],
  ["air fryer|fryer|oven", "oven"],
  ["freezer|fridge", "fridge"],
  ["kettle", "kettle"],
  ["toaster", "toaster"],
  ["coffee|espresso", "coffee"],
  ["stand mixer|mixer", "mixer"],
  ["blender|juicer", "blender"],
  ["kitchen scale|scale", "scale"],
  ["steam station|iron", "iron"],
  ["air conditioner|purifier|humidifier", "air"],
  ["heater|radiator", "heater"],
  ["fan", "fan"],
  ["sound bar|soundbar", "soundbar"],
  ["earbud", "earbuds"],
  ["headphone|headset", "headphones"],
  ["projector", "projector"],
  ["television", "television"],
  ["radio|speaker", "speaker"],
  ["monitor", "monitor"],
  ["laptop", "laptop"],
  ["tablet", "tablet"],
  ["power bank|battery", "battery"],
  ["charger|adapter|power supply", "charger"],
  ["cable|cord", "cable"],
  ["phone", "phone"],
  ["router|wifi|mesh", "router"],
  ["printer", "printer"],
  ["keyboard", "keyboard"],
  ["mouse", "mouse"],
  ["camera", "camera"],
  ["doorbell", "doorbell"],
  ["plug|socket", "plug"],
  ["bulb", "bulb"],
  ["lamp|light", "lamp"],
  ["watch", "watch"],
  ["storage|drive", "storage"],
  ["pan|pot|tray|rack", "cookware"],
  ["bag|case|sleeve|cover|stand|holder|mount", "accessory"],
].map(([words, picture]) => [new RegExp(`\\b(?:${words})s?\\b`, "i"), picture]);

const SMALL_PARTS = [
  [/\bfilters?\b/i, "filter"],
  [/\bbatter(?:y|ies)\b/i, "battery"],
  [/\b(?:cable|cord|hose)s?\b/i, "cable"],
  [/\b(?:adapter|charger|power supply)s?\b/i, "charger"],
  [/\b(?:descaler|cleaner|tablets|fluid|oil)\b/i, "bottle"],
  [/\b(?:jug|bowl|basket|tray|stone|rack|tank|carafe)s?\b/i, "cookware"],
];

/** The last word of a title often is a colour; the drawing takes a tone of it. */
const TONES = [
  [/white|clear|silver|steel|grey|gray/i, "light"],
  [/black|graphite|slate/i, "dark"],
  [/cream|sand|beige|copper|gold/i, "sand"],
  [/blue|navy|teal/i, "blue"],
  [/green|mint|sage|olive/i, "green"],
  [/violet|purple|lilac|plum/i, "violet"],
  [/red|coral|rose|pink/i, "red"],
];

/** The picture of an item: the shop's own, or a drawing. A picture that cannot be loaded gives way to the drawing. */
export function pictureNode(item, { width = 240, height = 180, lazy = true } = {}) {
  const node = document.createElement("img");
  node.alt = "";
  node.width = width;
  node.height = height;
  if (lazy) node.loading = "lazy";
  const draw = () => {
    node.className = toneOf(item);
    node.src = pictureOf(item);
  };
  if (!hasPhoto(item)) draw();
  else {
    node.className = "photo";
    node.referrerPolicy = "no-referrer";
    node.addEventListener("error", draw, { once: true });
    node.src = item.image;
  }
  return node;
}

/** Whether the catalogue names a picture of the item. */
export function hasPhoto({ image }) {
  return typeof image === "string" && image.startsWith("https://");
}

/** The address of a drawing for the item: of what it is, not of what it belongs to. */
export function pictureOf(item) {
  return `storefront/pictures/${nameOf(item)}.svg`;
}

/** The class of the item's tone; "" for the drawing's own colours. */
export function toneOf({ title }) {
  const tone = firstMatch(TONES, title.slice(title.lastIndexOf(",") + 1));
  return title.includes(",") && tone ? `tone-${tone}` : "";
}

function nameOf({ title, category, relations = [] }) {
  const kinds = new Set(relations.map((relation) => relation.kind));
  if (kinds.has("service_plan_for")) return "service";
  if (kinds.has("spare_part_of")) return firstMatch(SMALL_PARTS, title) ?? "part";
  if (kinds.has("accessory_of")) return firstMatch(SMALL_PARTS, title) ?? "accessory";
  return firstMatch(BY_WORD, title) ?? firstMatch(BY_WORD, category) ?? "generic";
}

function firstMatch(table, text) {
  return table.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
