// What mdBook's own scripts leave undone for readers who use the keyboard, a screen reader or paper.
// Without JavaScript nothing here is missed: see the comments in index.hbs.
"use strict";

// The button in the menu bar works the hidden checkbox that mdBook's style sheet and book.js listen to.
// (The stock control is a <label>, which the keyboard cannot reach.)
document.getElementById("mdbook-sidebar-toggle").addEventListener("click", () => {
    document.getElementById("mdbook-sidebar-toggle-anchor").click();
});

// The 404 page carries a <base>, which would make "#mdbook-main" a link to another page.
document.querySelector(".skip-link").addEventListener("click", event => {
    event.preventDefault();
    document.getElementById("mdbook-main").focus();
});

// Long code, wide tables, equations and on a phone figures scroll inside themselves. Whatever can be scrolled must be
// reachable with the keyboard, and whatever can't should not be one more stop on the way.
(function scrollableRegions() {
    const regions = [
        ...document.querySelectorAll("main :is(pre > code, .table-wrapper, .equation-body, .figure)"),
    ];

    function nameOf(region) {
        const caption = region.closest("figure")?.querySelector("figcaption");
        if (caption) {
            return caption.textContent.trim().replace(/\s+/g, " ");
        }
        const heading = region.closest(".table-wrapper")?.querySelector("thead")?.textContent;
        return heading ? heading.trim().replace(/\s+/g, ", ") : document.querySelector("template.words")?.dataset.code;
    }

    // All are measured before any is changed: a measurement after a change would lay the whole page out again.
    function update(some) {
        const scrolls = some.map(region => region.scrollWidth > region.clientWidth);
        some.forEach((region, n) => mark(region, scrolls[n]));
    }

    function mark(region, scrolls) {
        if (scrolls) {
            region.tabIndex = 0;
            // A figure is named by its caption already.
            if (!region.hasAttribute("role") && region.localName !== "figure") {
                region.setAttribute("role", "group");
                region.setAttribute("aria-label", nameOf(region));
            }
        } else {
            region.removeAttribute("tabindex");
        }
    }

    const observer = new ResizeObserver(entries => update(entries.map(entry => entry.target)));
    regions.forEach(region => observer.observe(region));
    // A fold that opens and a math font that arrives change what is inside, not the region itself.
    document.addEventListener("toggle", () => update(regions), true);
    document.fonts.ready.then(() => update(regions));
})();

// On paper an equation can neither scroll nor break: a long one is set smaller instead. book.css divides
// the width of a printed line, in ems, by this number.
document.fonts.ready.then(() => {
    const formulas = [...document.querySelectorAll(".equation-body > math")];
    const ems = formulas.map(math => math.getBoundingClientRect().width / parseFloat(getComputedStyle(math).fontSize));
    formulas.forEach((math, n) => math.style.setProperty("--ems", Math.max(1, ems[n]).toFixed(1)));
});

// mdBook's search names each teaser with aria-label, which a <span> may not carry: a screen reader would
// read "Search Result Teaser" in place of the teaser.
(function searchTeasers() {
    const results = document.getElementById("mdbook-searchresults");
    if (results) {
        new MutationObserver(() => {
            results.querySelectorAll("span.teaser[aria-label]").forEach(span => span.removeAttribute("aria-label"));
        }).observe(results, { childList: true });
    }
})();

// The mouse on a symbol shows what it is; the mouse or the focus on a reference shows the equation. All of
// it stands on the page anyway, in folds: this only saves the way there.
(function tips() {
    if (!("popover" in HTMLElement.prototype)) {
        return;
    }
    const tip = document.createElement("div");
    tip.id = "tip";
    tip.popover = "manual";
    tip.setAttribute("role", "tooltip");
    document.querySelector("main").append(tip);
    let owner, timer;

    // What an element has to tell: a symbol's entry in the page's list, or the equation that a link leads to.
    function told(element) {
        if (element.localName !== "a") {
            return document.querySelector(`dl > .${element.classList[0]}`);
        }
        const to = element.getAttribute("href");
        const there = document.getElementById(to.slice(to.indexOf("#") + 1));
        const template = document.querySelector(`template[data-href="${to}"]`);
        return (template?.content ?? there)?.querySelector("math");
    }

    function teller(node) {
        const symbol = node.closest?.('math [class^="s-"], math [class^="b-"]');
        return symbol ?? node.closest?.('a[href*="#eq-"]:not(.equation-number)');
    }

    function hide() {
        clearTimeout(timer);
        owner?.removeAttribute("aria-describedby");
        owner = undefined;
        tip.hidePopover();
    }

    function show(element) {
        const content = told(element);
        hide();
        if (!content) {
            return;
        }
        owner = element;
        const shown = document.createElement(content.localName === "div" ? "dl" : "div");
        shown.append(content.cloneNode(true));
        tip.replaceChildren(shown);
        tip.showPopover();
        if (element.localName === "a") {
            element.setAttribute("aria-describedby", "tip");
        }
        place();
    }

    // Under its owner, or over it where there is no room; the focus may scroll the page after the tip was shown.
    function place() {
        const at = owner?.getBoundingClientRect();
        if (!at || at.bottom < 0 || at.top > innerHeight) {
            hide();
            return;
        }
        const { width, height } = tip.getBoundingClientRect();
        const above = at.bottom + height + 8 > innerHeight;
        tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
        tip.style.top = `${above ? Math.max(0, at.top - height - 4) : at.bottom + 4}px`;
    }

    // A moment's patience both ways: the mouse may pass by, and may move into the tip.
    document.addEventListener("mouseover", event => {
        const element = teller(event.target);
        clearTimeout(timer);
        if (element && element !== owner) {
            timer = setTimeout(show, 200, element);
        } else if (owner && !element && !tip.contains(event.target)) {
            timer = setTimeout(hide, 300);
        }
    });
    document.addEventListener("focusin", event => {
        const element = teller(event.target);
        if (element) {
            show(element);
        } else if (owner && !tip.contains(event.target)) {
            hide();
        }
    });
    document.addEventListener("keydown", event => event.key === "Escape" && hide());
    document.addEventListener("scroll", place, { passive: true });
})();
