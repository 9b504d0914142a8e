// Puts what has the name that was typed before the results of mdBook's search.
(() => {
    const { names, doc_urls } = window.search;
    const escape = text => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);
    const documents = names.map(({ words, url, page, about }) => ({
        ref: doc_urls.push(url) - 1,
        score: Infinity,
        words,
        doc: { title: words[0], breadcrumbs: `${escape(page)} » ${escape(words[0])}`, body: about || words.join(", ") },
    }));

    // 0 is best: what is shown, then another spelling, then either in other letters (`c_t`), then the beginning of a
    // name (`Gate::for`). A word that may begin one (`forget`) is looked for in the text.
    function rank(words, query) {
        const small = query.toLowerCase();
        if (words[0] === query) {
            return 0;
        }
        const fits = [
            word => word === query,
            word => word.toLowerCase() === small,
            word => small.length > 2 && /[^a-z0-9 ]/.test(small) && word.toLowerCase().startsWith(small),
        ];
        const fit = fits.findIndex(fit => words.some(fit));
        return fit < 0 ? Infinity : fit + 1;
    }

    function named(query) {
        const found = documents.map(it => [rank(it.words, query), it]).filter(([rank]) => rank < Infinity);
        return found.sort(([a], [b]) => a - b).slice(0, 8).map(([, it]) => it);
    }

    const load = elasticlunr.Index.load;
    elasticlunr.Index.load = serialised => {
        const index = load.call(elasticlunr.Index, serialised);
        const search = index.search;
        index.search = (query, options) => [...named(query.trim()), ...search.call(index, query, options)];
        return index;
    };
})();
