// What a page is held against, run within it: contrast of texts, pictures' texts and controls' edges (WCAG 2.2 AA: 1.4.3,
// 1.4.11), names, ids, headings and width.
// Returns a list of what is wrong; an empty list when all is well.
const wrong = [];

const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function rgba(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}
const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function ratio(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
function background(element) {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const color = rgba(getComputedStyle(at).backgroundColor);
    layers.push(color);
    if (color[3] === 1) break;
  }
  return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
}
const isShown = (element) => element.closest(".hidden, .skip, noscript") === null
  && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
const name = (element) =>
  `${element.localName}${element.id ? `#${element.id}` : ""}.${[...element.classList].join(".")} “${element.textContent.slice(0, 30)}”`;

for (const element of document.body.querySelectorAll("*")) {
  if (!isShown(element) || element.closest(":disabled")) continue;
  const style = getComputedStyle(element);
  const isDrawn = element.namespaceURI.endsWith("svg");
  if (isDrawn && element.localName !== "text") continue;
  const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
  const below = background(isDrawn ? element.closest("svg").parentElement : element);
  if (hasText) {
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const found = ratio(over(rgba(isDrawn ? style.fill : style.color), below), below);
    if (found < (isLarge ? 3 : 4.5)) wrong.push(`contrast ${found.toFixed(2)} of ${name(element)}`);
  }
  if (element.placeholder) {
    const color = rgba(getComputedStyle(element, "::placeholder").color);
    const found = ratio(over(color, below), below);
    if (found < 4.5) wrong.push(`contrast ${found.toFixed(2)} of the placeholder of ${name(element)}`);
  }
  if (element.matches("input, select, textarea, button") && parseFloat(style.borderTopWidth) > 0
    && rgba(style.borderTopColor)[3] > 0) {
    const around = background(element.parentElement);
    const border = ratio(over(rgba(style.borderTopColor), around), around);
    if (Math.max(border, ratio(below, around)) < 3) wrong.push(`edge ${border.toFixed(2)} of ${name(element)}`);
  }
}

const labelled = (element) => element.getAttribute("aria-label")?.trim() || element.getAttribute("aria-labelledby");
for (const element of document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex='0'], [role=progressbar], [role=img], svg[role], table, section")) {
  const isNamedByText = element.matches("a, button, summary") && element.textContent.trim() !== "";
  if (isShown(element) && !labelled(element) && !isNamedByText && !element.labels?.length) {
    wrong.push(`${name(element)} has no name`);
  }
}

const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) wrong.push(`two elements have the id ${id}`);
for (const attribute of ["aria-labelledby", "aria-describedby", "for"]) {
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    if (!isShown(element)) continue;
    for (const id of element.getAttribute(attribute).split(" ")) {
      if (!document.getElementById(id)) wrong.push(`${attribute} of ${name(element)} names no element`);
    }
  }
}
if (document.querySelectorAll("h1").length !== 1) wrong.push("there is not exactly one h1");
if (document.documentElement.lang === "") wrong.push("the page has no language");
if (document.querySelector("style, [onclick], script:not([src])")) wrong.push("something is inline");
for (const element of document.querySelectorAll("[tabindex]")) {
  if (element.tabIndex > 0) wrong.push(`${name(element)} changes the order of the focus`);
}
const width = document.documentElement.scrollWidth;
if (width > innerWidth) wrong.push(`the page is ${width} wide in a window of ${innerWidth}`);
return wrong;
