"""200 texts that a page must show as they are: markup, marks of direction, length, emoji, odd characters."""

_MARKUP = [
    "<script>window.attacked += 1</script>",
    "<img src=x onerror='window.attacked += 1'>",
    "<svg onload='window.attacked += 1'></svg>",
    "<svg><script>window.attacked += 1</script></svg>",
    "<iframe srcdoc=\"<script>parent.attacked += 1</script>\"></iframe>",
    "<a href='javascript:window.attacked += 1'>open</a>",
    "<style>* { display: none }</style>",
    "<body onload=window.attacked+=1>",
    "<details open ontoggle=window.attacked+=1>",
    "<input autofocus onfocus=window.attacked+=1>",
    "<form action='http://example.com'><button>Send</button></form>",
    "<meta http-equiv=refresh content='0;url=http://example.com'>",
    "<base href='http://example.com/'>",
    "<template><script>window.attacked += 1</script></template>",
    "<math><mtext></mtext><script>window.attacked += 1</script></math>",
    "</textarea></script></style><script>window.attacked += 1</script>",
    "'\"><script>window.attacked += 1</script>",
    "\"); window.attacked += 1; (\"",
    "${window.attacked += 1}",
    "{{constructor.constructor('window.attacked += 1')()}}",
    "&lt;script&gt;window.attacked += 1&lt;/script&gt;",
    "&#60;script&#62;window.attacked += 1&#60;/script&#62;",
    "<!-- --><script>window.attacked += 1</script><!--",
    "<![CDATA[<script>window.attacked += 1</script>]]>",
    "javascript:window.attacked += 1",
    "data: {\"requests\":[]}\n\nevent: snapshot\ndata: {}",
    "\r\nevent: changes\r\ndata: null\r\n\r\n",
    "'; DROP TABLE messages; --",
    "\\u003cscript\\u003ewindow.attacked += 1\\u003c/script\\u003e",
    "%3Cscript%3Ewindow.attacked%20%2B%3D%201%3C/script%3E",
]
_MARKS = [
    "\u202eevil\u202c txt.exe",
    "\u202e never ended",
    "\u2066\u2067\u2068 isolates never ended",
    "\u200f\u200e\u061c marks alone",
    "\u202d\u202e\u202b\u202a embeddings never ended",
    "مرحبا، رمزك هو 4711",
    "שלום, הקוד שלך הוא 4711",
    "abc مرحبا def שלום 123",
    "a\u0300\u0301\u0302\u0303\u0304\u0305" + "\u0316\u0317\u0318" * 40 + " marks on marks",
    "zero\u200bwidth\u200cand\u200djoiners\ufeff",
    "line\nbreak\n\n\n\n\nand more",
    "tab\tand\u000bodd\u000cblanks\u00a0\u2003\u3000",
    "\u0001\u0002\u0007\u001b[31mred\u001b[0m",
    "\u0000 nothing",
    "\u2028line\u2029paragraph",
    "\ufffe\uffff not characters",
    "\ufff9\ufffa\ufffb annotation",
    "𝒽𝑒𝓁𝓁𝑜 𝔴𝔬𝔯𝔩𝔡",
    "\U000e0041\U000e0042 tags",
    "ﷺ﷽" * 10,
]
_EMOJI = [
    "👍", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇫🇷🇩🇪🇯🇵", "1️⃣2️⃣", "👋🏿", "🧑🏽‍🚀 to the 🌕", "😀" * 300, "📦📦📦", "❤️‍🔥",
]
_LONG = [
    "x" * 3000,
    "word " * 600,
    "Ж" * 3000,
    "<b>" * 1000,
    "😀" * 1500,
    "\u202e" * 3000,
    "https://example.com/" + "a" * 2900,
    "\n" * 2999 + "x",
    "ab\u00ad" * 1000,
    "W" * 3200,
]


def hostile_texts():
    """The texts, all different; the kinds above, and the first two mixed with each other."""
    texts = _MARKUP + _MARKS + _EMOJI + _LONG
    mixed = [f"{mark} {markup}" for mark in _MARKS for markup in _MARKUP]
    step = len(mixed) // (200 - len(texts))
    texts += mixed[::step][: 200 - len(texts)]
    assert len(set(texts)) == len(texts)
    return texts
