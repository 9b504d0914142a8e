// The page's own controls: theme, table of contents, menu bar, keys, help, copying, search.
// It stands in for mdBook's book.js, of which it keeps what this book uses: no playground, no highlighter
// (code is coloured when the book is built), no library for the clipboard. Search is loaded when it is opened.
"use strict";

/* global default_light_theme, default_dark_theme, search_scripts */

const byId = id => document.getElementById(id);

// Private windows may refuse it; the choice is then lost with the page.
const stored = {
    get(key) {
        try {
            return localStorage.getItem(key);
        } catch {
            return null;
        }
    },
    set(key, value) {
        try {
            if (value === null) {
                localStorage.removeItem(key);
            } else {
                localStorage.setItem(key, value);
            }
        } catch {
            // Nothing to be done about it.
        }
    },
};

// mdBook's searcher.js asks for it by this name.
function mdbook_something_else_has_focus(event) {
    return /^(?:input|select|textarea)$/i.test((event.composedPath()[0] || event.target).nodeName);
}

(function themes() {
    const toggle = byId("mdbook-theme-toggle");
    const popup = byId("mdbook-theme-list");
    const choices = [...popup.querySelectorAll("button.theme")];
    const nameOf = button => button.id.replace("mdbook-theme-", "");
    const dark = matchMedia("(prefers-color-scheme: dark)");

    function chosen() {
        const theme = stored.get("mdbook-theme");
        return choices.some(button => nameOf(button) === theme) ? theme : "default_theme";
    }

    function show() {
        const theme = chosen();
        const shown = theme !== "default_theme" ? theme : dark.matches ? default_dark_theme : default_light_theme;
        const root = document.documentElement;
        root.classList.remove(default_light_theme, default_dark_theme);
        root.classList.add(shown);
        document.querySelector("meta[name=theme-color]").content = getComputedStyle(root).backgroundColor;
        for (const button of choices) {
            button.classList.toggle("theme-selected", nameOf(button) === theme);
        }
    }

    function open(yes) {
        popup.hidden = !yes;
        toggle.setAttribute("aria-expanded", yes);
        if (yes) {
            choices.find(button => nameOf(button) === chosen()).focus();
        }
    }

    toggle.addEventListener("click", () => open(popup.hidden));
    popup.addEventListener("click", event => {
        const button = event.target.closest("button.theme");
        if (button) {
            stored.set("mdbook-theme", nameOf(button) === "default_theme" ? null : nameOf(button));
            show();
        }
    });
    popup.addEventListener("keydown", event => {
        const at = choices.indexOf(document.activeElement);
        const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: choices.length - 1 }[event.key];
        if (to !== undefined) {
            event.preventDefault();
            choices[Math.min(Math.max(to, 0), choices.length - 1)].focus();
        } else if (event.key === "Escape") {
            open(false);
            toggle.focus();
        }
    });
    popup.addEventListener("focusout", event => {
        if (event.relatedTarget && !popup.contains(event.relatedTarget) && event.relatedTarget !== toggle) {
            open(false);
        }
    });
    document.addEventListener("click", event => {
        if (!popup.hidden && !popup.contains(event.target) && !toggle.contains(event.target)) {
            open(false);
        }
    });
    dark.addEventListener("change", show);
    show();
})();

// The checkbox moves the table of contents (css/general.css); page.js lets the button work it.
byId("mdbook-sidebar-toggle-anchor").addEventListener("change", event => {
    const visible = event.target.checked;
    document.documentElement.classList.toggle("sidebar-visible", visible);
    byId("mdbook-sidebar-toggle").setAttribute("aria-expanded", visible);
    stored.set("mdbook-sidebar", visible ? "visible" : "hidden");
});

(function menuBar() {
    const bar = byId("mdbook-menu-bar");
    let last = window.scrollY;
    document.addEventListener("scroll", () => {
        const now = Math.max(window.scrollY, 0);
        bar.classList.toggle("bordered", now > 0);
        // While the table of contents is open, its button stays.
        const reading = !document.documentElement.classList.contains("sidebar-visible");
        bar.classList.toggle("away", reading && now > last && now > bar.offsetHeight);
        last = now;
    }, { passive: true });
})();

(function keys() {
    const help = byId("mdbook-help-container");
    let before = null;

    function showHelp(yes) {
        help.style.display = yes ? "flex" : "none";
        if (yes) {
            before = document.activeElement;
            byId("mdbook-help-popup").focus();
        } else {
            before?.focus();
        }
    }

    help.addEventListener("mousedown", event => {
        if (event.target === help) {
            showHelp(false);
        }
    });
    document.addEventListener("keydown", event => {
        if (event.altKey || event.ctrlKey || event.metaKey || mdbook_something_else_has_focus(event)) {
            return;
        }
        const leadTo = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
        if (event.key === "?") {
            event.preventDefault();
            showHelp(true);
        } else if (event.key === "Escape" && help.style.display === "flex") {
            showHelp(false);
        } else if (leadTo && !event.shiftKey && !scrolls(event.target)) {
            document.querySelector(`.nav-wrapper a[rel=${leadTo}]`)?.click();
        }
    });

    // The arrow keys move what the keyboard has reached and can scroll: a long line of code, a wide equation.
    function scrolls(element) {
        return element.closest("main [tabindex='0']") !== null;
    }
})();

(function copying() {
    // The words are the press's.
    const words = document.querySelector("template.words")?.dataset;
    if (!words) {
        return;
    }

    // Does what the button promises, and lets it say so for a while. Only a page from https, or from this machine, may
    // write to the clipboard.
    async function copy(button, text) {
        const writing = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject();
        button.setAttribute("aria-live", "polite");
        button.textContent = await writing.then(() => words.copied, () => words.notCopied);
        setTimeout(() => (button.textContent = words.copy), 2000);
    }

    document.addEventListener("click", event => {
        const button = event.target.closest?.(".latex > button");
        if (button) {
            const latex = button.previousElementSibling;
            // Selected as well: where a page may not write to the clipboard, Ctrl-C still does.
            getSelection().selectAllChildren(latex);
            copy(button, latex.textContent);
        }
    });
    for (const code of navigator.clipboard ? document.querySelectorAll("main pre > code") : []) {
        const button = document.createElement("button");
        button.className = "clip-button";
        button.type = "button";
        button.textContent = words.copy;
        button.addEventListener("click", () => copy(button, code.textContent));
        const buttons = document.createElement("div");
        buttons.className = "buttons";
        buttons.append(button);
        code.before(buttons);
    }
})();

// mdBook's search: three scripts and an index of a megabyte, for those who search.
(function search() {
    const toggle = byId("mdbook-search-toggle");
    if (!toggle) {
        return;
    }
    const bar = byId("mdbook-searchbar");

    function load() {
        toggle.removeEventListener("click", opened);
        document.removeEventListener("keydown", pressed);
        const loads = search_scripts.map(src => new Promise((resolve, reject) => {
            const script = document.createElement("script");
            Object.assign(script, { src, async: false, onload: resolve, onerror: reject });
            document.head.append(script);
        }));
        return Promise.all(loads);
    }

    // The field is there at once; what is typed before the scripts arrive stays in it.
    async function opened() {
        byId("mdbook-search-wrapper").classList.remove("hidden");
        byId("mdbook-searchbar-outer").classList.add("searching");
        window.scrollTo(0, 0);
        bar.focus();
        await load();
        toggle.click();
        bar.setSelectionRange(bar.value.length, bar.value.length);
    }

    function pressed(event) {
        const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
        if (plain && ["s", "/"].includes(event.key) && !mdbook_something_else_has_focus(event)) {
            event.preventDefault();
            opened();
        }
    }

    if (/[?&](search|highlight)=/.test(location.search)) {
        load(); // It reads the address itself.
    } else {
        toggle.addEventListener("click", opened);
        document.addEventListener("keydown", pressed);
    }
})();
